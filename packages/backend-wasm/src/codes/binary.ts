/** Binary functions over float32. */

export const ADD = 0;
export const SUBTRACT = 1;
export const MULTIPLY = 2;
export const DIVIDE = 3;
export const MAXIMUM = 4;
export const MINIMUM = 5;
export const SQUARED_DIFFERENCE = 6;
/** `a`, or `a * b` where a is negative. */
export const PARAMETRIC_RELU = 7;
export const POWER = 8;
/** The remainder with the divisor's sign. */
export const MODULO = 9;
/** The same over int32. */
export const ADD_INTEGERS = 10;
export const SUBTRACT_INTEGERS = 11;
export const MULTIPLY_INTEGERS = 12;
export const MAXIMUM_OF_INTEGERS = 13;
export const MINIMUM_OF_INTEGERS = 14;
