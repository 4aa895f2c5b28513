/** The tile of a matrix product that lies in registers. */

/** Columns of a tile, and of a panel of packed columns. */
export const TILE_COLUMNS = 8;
/** Bytes at the end of each thread's working memory where a product computes rows of tiles beside the output. */
export const ASIDE_BYTES = 1536;
