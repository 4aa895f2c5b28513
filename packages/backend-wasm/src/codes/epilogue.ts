/** Activations that a product's epilogue applies while the tile is in registers. */

export const LINEAR = 0;
export const RELU = 1;
export const RELU6 = 2;
