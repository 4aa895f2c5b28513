import { argument } from "../runtime/arguments";
import { FREE, IN_HEIGHT, IN_WIDTH, OUT_HEIGHT } from "../runtime/window";
import { BATCH, INPUT } from "./convolution-job";
import { copyLines } from "./thin-convolution";

/**
 * Convolution of 3 x 3 filters over one channel whose output goes through windows of 2 x 2; strides are 1.
 *
 * The four outputs of a window are made at once, of the 4 x 4 inputs under them, and only the largest is written. A task
 * takes whole rows of windows.
 */

/** Where the choices lie, a byte for each maximum, or 0 for a forward pass that notes none. */
export const CHOICES: usize = FREE + 15;

@inline
export function pooledRows(): i32 {
  return argument(BATCH) * (argument(OUT_HEIGHT) >> 1);
}

/** Copies the four input rows of a row of windows. */
@inline
export function copyRows(row: i32): void {
  const height = argument(OUT_HEIGHT) >> 1;
  const imageBytes = (<usize>(argument(IN_HEIGHT) * argument(IN_WIDTH))) << 2;
  copyLines(<usize>argument(INPUT) + <usize>(row / height) * imageBytes, 2 * (row % height), 4);
}
