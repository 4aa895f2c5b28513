import { argument, scratchPointer } from "../runtime/control";
import { IN_CHANNELS, OUT_CHANNELS, OUT_HEIGHT, OUT_WIDTH } from "../runtime/geometry";
import { POSITION_COUNT, TILE } from "../../src/codes/winograd";

/** What the parts of a convolution by minimal filtering share: its arguments, and how its working memory is laid out. */

/** Side of the patch that an output tile is made from. */
export const PATCH: usize = 6;
export const POSITIONS: usize = POSITION_COUNT;

export const BATCH: usize = 14;
export const INPUT: usize = 15;
export const FILTER: usize = 16;
export const OUTPUT: usize = 17;
export const BIAS: usize = 18;
export const ACTIVATION: usize = 19;
export const TRANSFORMED: usize = 20;
export const MASK: usize = 21;
export const BIAS_GRADIENT: usize = 22;
export const PARTIALS: usize = 23;
export const TASKS: usize = 24;
/** Most tiles in a block, and output channels of the forward pass (input channels of its gradient) worked on at once. */
export const BLOCK_TILES: usize = 25;
export const BLOCK_CHANNELS: usize = 26;
/**
 * Where windows of 2 x 2 of the output are pooled: the convolution's output is then the maxima, and its gradient theirs.
 * Choices are a byte for each, of which the forward pass may note none.
 */
export const POOLED: usize = 27;
export const CHOICES: usize = 28;
/** Sums of output gradients for the bias: where the first lie, bytes from one to the next, and how many there are. */
export const BIAS_PARTIALS: usize = 29;
export const BIAS_STRIDE: usize = 30;
export const BIAS_COUNT: usize = 31;
/** Transformed patches and output gradients of all tiles, where they are kept. */
export const PATCHES: usize = 32;
export const GRADIENTS: usize = 33;

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
