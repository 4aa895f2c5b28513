/** Python's `start:stop:step` in Keras's JSON. */
export function slice(start: number | null, stop: number | null, step: number | null): unknown {
  return { class_name: "__slice__", config: { start, stop, step } };
}

/** Numbers of one constant that may stand in a model's JSON; weights have a place of their own. */
export const mostNumbers = 100_000;

/** An array in Keras's JSON. */
export function numbers(value: unknown, dtype = "float32"): unknown {
  return { class_name: "__numpy__", config: { value, dtype } };
}
