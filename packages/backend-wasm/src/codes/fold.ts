/** Reductions of the middle axis of `[outer, length, inner]` besides sums. */

export const ALL = 0;
export const ANY = 1;
export const PRODUCT = 2;
