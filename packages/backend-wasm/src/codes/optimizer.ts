/** Optimizer steps over all weights at once. */

export const SGD = 0;
export const MOMENTUM = 1;
export const NESTEROV = 2;
export const RMSPROP = 3;
export const ADAM = 4;
export const RMSPROP_WITH_MOMENTUM = 5;
export const CENTERED_RMSPROP = 6;
export const CENTERED_RMSPROP_WITH_MOMENTUM = 7;
export const AMSGRAD = 8;

/** Words of a piece in the list: weight, gradient, three slots, number of elements. */
export const PIECE_WORDS = 6;
