import { argument } from "../runtime/arguments";
import { scratchPointer } from "../runtime/control";
import { POSITION_COUNT, TILE } from "../../src/codes/winograd";
import { FREE, IN_CHANNELS, OUT_CHANNELS, OUT_HEIGHT, OUT_WIDTH } from "../runtime/window";

/** What the parts of a convolution by minimal filtering share: its arguments, and how its working memory is laid out. */

/** Side of the patch that an output tile is made from. */
export const PATCH: usize = 6;
export const POSITIONS: usize = POSITION_COUNT;

export const BATCH: usize = FREE;
export const INPUT: usize = FREE + 1;
export const FILTER: usize = FREE + 2;
export const OUTPUT: usize = FREE + 3;
export const BIAS: usize = FREE + 4;
export const ACTIVATION: usize = FREE + 5;
export const TRANSFORMED: usize = FREE + 6;
export const MASK: usize = FREE + 7;
export const BIAS_GRADIENT: usize = FREE + 8;
export const PARTIALS: usize = FREE + 9;
export const TASKS: usize = FREE + 10;
/** Most tiles in a block, and output channels of the forward pass (input channels of its gradient) worked on at once. */
export const BLOCK_TILES: usize = FREE + 11;
export const BLOCK_CHANNELS: usize = FREE + 12;
/**
 * Where windows of 2 x 2 of the output are pooled: the convolution's output is then the maxima, and its gradient theirs.
 * Choices are a byte for each, of which the forward pass may note none.
 */
export const POOLED: usize = FREE + 13;
export const CHOICES: usize = FREE + 14;
/** Sums of output gradients for the bias: where the first lie, bytes from one to the next, and how many there are. */
export const BIAS_PARTIALS: usize = FREE + 15;
export const BIAS_STRIDE: usize = FREE + 16;
export const BIAS_COUNT: usize = FREE + 17;
/** Transformed patches and output gradients of all tiles, where they are kept. */
export const PATCHES: usize = FREE + 18;
export const GRADIENTS: usize = FREE + 19;

@inline
export function tilesAcross(): i32 {
  return (argument(OUT_WIDTH) + TILE - 1) / TILE;
}

@inline
export function tilesInImage(): i32 {
  return ((argument(OUT_HEIGHT) + TILE - 1) / TILE) * tilesAcross();
}

/** Bytes between two positions' matrices: off a power of two, so that 36 of them do not fall into few cache sets. */
@inline
export function positionStride(rows: i32, columns: i32): usize {
  return ((<usize>(rows * columns)) << 2) + 64;
}

/** The thread's working memory: a transform half done, a patch of any channels, then the transformed blocks. */
@inline
export function halfDone(): usize {
  return scratchPointer();
}

@inline
export function patchBuffer(): usize {
  return halfDone() + (POSITIONS << 4);
}

@inline
export function blocks(): usize {
  return patchBuffer() + ((POSITIONS * <usize>max(argument(IN_CHANNELS), argument(OUT_CHANNELS))) << 2);
}
