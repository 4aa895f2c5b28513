import { argument, setArgument } from "../runtime/arguments";
import { launch } from "../runtime/control";

/**
 * How sums over the rows of `[rows, channels]` are shared: the arguments of every kernel that takes such sums.
 *
 * Rows are read as wide ones of several, so that a few channels fill vectors too; what does not fill a wide row is the
 * tail. Wide rows form blocks that stay in the cache, blocks form tasks. All of this depends on the shape alone, and
 * tasks' results are joined in their order, so the number of threads changes no bit.
 */

export const INPUT: usize = 0;
export const CHANNELS: usize = 1;
/** Floats of a wide row, a multiple of 4 and of the channels. */
export const WIDTH: usize = 2;
export const WIDE_ROWS: usize = 3;
/** Floats after the last wide row. */
export const TAIL: usize = 4;
export const ROWS_PER_BLOCK: usize = 5;
export const BLOCKS: usize = 6;
export const BLOCKS_PER_TASK: usize = 7;
/** Room for each task's float64 results. */
export const PARTIALS: usize = 8;
/** First argument that a kernel may use for itself. */
export const FREE: usize = 9;

export function setColumns(
  channels: i32,
  width: i32,
  wideRows: i32,
  tail: i32,
  rowsPerBlock: i32,
  blocks: i32,
  blocksPerTask: i32,
  partials: usize,
): void {
  setArgument(CHANNELS, channels);
  setArgument(WIDTH, width);
  setArgument(WIDE_ROWS, wideRows);
  setArgument(TAIL, tail);
  setArgument(ROWS_PER_BLOCK, rowsPerBlock);
  setArgument(BLOCKS, blocks);
  setArgument(BLOCKS_PER_TASK, blocksPerTask);
  setArgument(PARTIALS, <i32>partials);
}

/** Number of tasks. */
@inline
export function columnTasks(): i32 {
  const perTask = argument(BLOCKS_PER_TASK);
  return (argument(BLOCKS) + perTask - 1) / perTask;
}

@inline
export function eachColumnTask(task: u32): void {
  launch(task, columnTasks());
}

/** Where a block's floats begin, counted from the input's first. */
@inline
export function blockStart(block: i32): i32 {
  return block * argument(ROWS_PER_BLOCK) * argument(WIDTH);
}

@inline
export function blockRows(block: i32): i32 {
  return min(argument(ROWS_PER_BLOCK), argument(WIDE_ROWS) - block * argument(ROWS_PER_BLOCK));
}

/** The tail belongs to the last block. */
@inline
export function blockTail(block: i32): i32 {
  return block == argument(BLOCKS) - 1 ? argument(TAIL) : 0;
}

/** Adds up what a wide row of sums holds for one channel. */
@inline
export function fold(sums: usize, channel: i32): f64 {
  const step = (<usize>argument(CHANNELS)) << 2;
  const end = sums + ((<usize>argument(WIDTH)) << 2);
  let total: f64 = 0;
  for (let at = sums + ((<usize>channel) << 2); at < end; at += step) total += <f64>load<f32>(at);
  return total;
}

/** Writes a channel's value everywhere in a wide row. */
@inline
export function unfold(row: usize, channel: i32, value: f32): void {
  const step = (<usize>argument(CHANNELS)) << 2;
  const end = row + ((<usize>argument(WIDTH)) << 2);
  for (let at = row + ((<usize>channel) << 2); at < end; at += step) store<f32>(at, value);
}
