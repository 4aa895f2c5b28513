/** Running sums and products along an axis of float32. */

export const SUM = 0;
export const PRODUCT = 1;
