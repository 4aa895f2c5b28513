/** Reductions of the middle axis of `[outer, length, inner]`. */

export const SUM = 0;
export const MEAN = 1;
export const MAXIMUM = 2;
export const MINIMUM = 3;
