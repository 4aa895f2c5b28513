/** Conversions between data types. */

export const FLOAT_TO_INT = 0;
export const INT_TO_FLOAT = 1;
export const FLOAT_TO_BOOL = 2;
export const INT_TO_BOOL = 3;
export const BOOL_TO_FLOAT = 4;
export const BOOL_TO_INT = 5;
