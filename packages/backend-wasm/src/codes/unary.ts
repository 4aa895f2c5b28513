/** Unary functions over float32. */

export const RELU = 0;
export const RELU6 = 1;
export const NEGATE = 2;
export const ABSOLUTE = 3;
export const SQUARE = 4;
export const SQUARE_ROOT = 5;
export const RECIPROCAL_SQUARE_ROOT = 6;
export const RECIPROCAL = 7;
export const EXPONENTIAL = 8;
export const LOGARITHM = 9;
export const SIGMOID = 10;
export const TANH = 11;
export const SOFTPLUS = 12;
export const ELU = 13;
export const FLOOR = 14;
export const CEIL = 15;
export const ROUND = 16;
export const STEP = 17;
export const LEAKY_RELU = 18;
export const CLIP = 19;
