/** Sizes of a convolution by minimal filtering, F(4 x 4, 3 x 3). */

/** Side of an output tile. */
export const TILE = 4;
/** Positions in a transformed patch of 6 x 6. */
export const POSITION_COUNT = 36;
