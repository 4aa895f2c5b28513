/** Whether an object of Keras 3's configs is an operation of `keras.ops`, not a layer, as its module tells; some share their names. */
export function isOperation({ module }: { readonly module?: unknown }): boolean {
  return typeof module === "string" && /^keras\.src\.(ops|activations)\./.test(module);
}
