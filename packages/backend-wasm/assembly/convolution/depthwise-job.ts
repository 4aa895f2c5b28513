import { argument, setArgument } from "../runtime/arguments";
import { launch } from "../runtime/control";
import { CHANNELS, FREE, IN_WIDTH, OUT_WIDTH, STRIDE_WIDTH, WINDOW_HEIGHT, WINDOW_WIDTH } from "../runtime/window";

/** Arguments of the passes of a depthwise convolution, and how its rows are shared out. */

export const INPUT: usize = FREE;
export const FILTER: usize = FREE + 1;
export const OUTPUT: usize = FREE + 2;
export const BIAS: usize = FREE + 3;
export const ACTIVATION: usize = FREE + 4;
export const ROWS: usize = FREE + 5;
export const ROWS_PER_TASK: usize = FREE + 6;
/** The first argument behind these. */
export const NEXT_FREE: usize = FREE + 7;

/** Products that a task should have at least. */
const TASK: i32 = 65536;

/** First output column that a tap, `offset` to the right of its window's padded beginning, finds inside the input. */
@inline
export function firstColumn(offset: i32): i32 {
  return offset >= 0 ? 0 : (-offset + argument(STRIDE_WIDTH) - 1) / argument(STRIDE_WIDTH);
}

/** One past the last such column. */
@inline
export function endColumn(offset: i32): i32 {
  const room = argument(IN_WIDTH) - offset;
  return room <= 0 ? 0 : min(argument(OUT_WIDTH), (room + argument(STRIDE_WIDTH) - 1) / argument(STRIDE_WIDTH));
}

/** Runs `task` over `rows` rows of `width` pixels, several at a time where they are short. */
export function parallelRows(task: u32, rows: i32, width: i32): void {
  const products = width * argument(CHANNELS) * argument(WINDOW_HEIGHT) * argument(WINDOW_WIDTH);
  const perTask = max(1, TASK / max(1, products));
  setArgument(ROWS, rows);
  setArgument(ROWS_PER_TASK, perTask);
  launch(task, (rows + perTask - 1) / perTask);
}
