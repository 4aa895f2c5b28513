/** Which value of an axis is searched for. */

export const GREATEST_FLOAT = 0;
export const LEAST_FLOAT = 1;
export const GREATEST_INT = 2;
export const LEAST_INT = 3;
