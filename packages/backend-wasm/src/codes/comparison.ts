/** Comparisons and logic, whose results are bytes 1 or 0. */

export const EQUAL = 0;
export const NOT_EQUAL = 1;
export const LESS = 2;
export const LESS_OR_EQUAL = 3;
/** Over bytes alone; as in JavaScript, `and` and `or` give one of the operands, `not` 1 or 0. */
export const AND = 4;
export const OR = 5;
export const NOT = 6;
/** What is compared. */
export const FLOAT = 0;
export const INT = 1;
export const BYTE = 2;
