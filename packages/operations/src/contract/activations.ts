/** Activations that are part of a convolution or matrix product on every device. */
export type PartActivation = "linear" | "relu" | "relu6" | "elu" | "sigmoid";

/** Activations that keep the order of numbers, and whose slope their output tells: 0, or 1 strictly between their ends. */
export type StraightActivation = "linear" | "relu" | "relu6";

export function isStraight(activation: PartActivation | undefined): activation is StraightActivation {
  return activation === "linear" || activation === "relu" || activation === "relu6";
}
