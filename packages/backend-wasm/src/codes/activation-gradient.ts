/** Gradients of activations, `dx` from `dy` and what the activation gave, `y`, or received, `x`. */

export const RELU = 0;
export const RELU6 = 1;
export const ELU = 2;
export const SIGMOID = 3;
export const TANH = 4;
/** From here on, by x. */
export const LEAKY_RELU = 5;
export const SELU = 6;
export const SOFTPLUS = 7;
export const GELU = 8;
export const SILU = 9;
