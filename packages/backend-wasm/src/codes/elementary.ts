/** Elementary functions over float32, beside those of `unary.ts`. */

export const SINE = 0;
export const COSINE = 1;
export const ARC_TANGENT = 2;
export const ERROR_FUNCTION = 3;
export const EXPONENTIAL_MINUS_ONE = 4;
export const LOGARITHM_OF_ONE_PLUS = 5;
export const SELU = 6;
export const SIGN = 7;
export const GELU = 8;
export const SILU = 9;
/** Tests over float32 whose results are bytes. */
export const IS_NAN = 0;
export const IS_FINITE = 1;
export const IS_INFINITE = 2;
