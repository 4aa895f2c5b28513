import { argument } from "../runtime/arguments";
import { clear } from "../vector/simd";
import {
  CHANNELS,
  DILATION_HEIGHT,
  DILATION_WIDTH,
  FREE,
  IN_HEIGHT,
  IN_WIDTH,
  OUT_HEIGHT,
  OUT_WIDTH,
  PAD_LEFT,
  PAD_TOP,
  STRIDE_HEIGHT,
  STRIDE_WIDTH,
  WINDOW_HEIGHT,
  WINDOW_WIDTH,
} from "../runtime/window";

/** Arguments of every pooling kernel behind those of the window, and how the rows of an image's gradient are shared out. */

/** Images, and what was pooled of them; or the gradients towards either. */
export const IMAGES: usize = FREE;
export const POOLED: usize = FREE + 1;

/** Whether every window is 2 x 2, begins where the last one ended and lies inside the image; channels in vectors. */
@inline
export function tilesByTwo(): bool {
  return (
    (argument(CHANNELS) & 3) == 0 &&
    argument(WINDOW_HEIGHT) == 2 &&
    argument(WINDOW_WIDTH) == 2 &&
    argument(STRIDE_HEIGHT) == 2 &&
    argument(STRIDE_WIDTH) == 2 &&
    argument(DILATION_HEIGHT) == 1 &&
    argument(DILATION_WIDTH) == 1 &&
    argument(PAD_TOP) == 0 &&
    argument(PAD_LEFT) == 0 &&
    argument(OUT_HEIGHT) > 0 &&
    2 * argument(OUT_HEIGHT) <= argument(IN_HEIGHT) &&
    2 * argument(OUT_WIDTH) <= argument(IN_WIDTH)
  );
}

/** Whether there are rows of windows, and no row of the image belongs to two. */
@inline
export function rowsAreDisjoint(): bool {
  return (
    argument(OUT_HEIGHT) > 0 && argument(STRIDE_HEIGHT) > (argument(WINDOW_HEIGHT) - 1) * argument(DILATION_HEIGHT)
  );
}

/** First row of the image from which on gradients come from output row `row`, where {@link rowsAreDisjoint}. */
@inline
export function bandStart(row: i32): i32 {
  if (row == 0) return 0;
  if (row == argument(OUT_HEIGHT)) return argument(IN_HEIGHT);
  return max(0, min(argument(IN_HEIGHT), row * argument(STRIDE_HEIGHT) - argument(PAD_TOP)));
}

/**
 * Clears what the windows of output row `row` do not cover of the image's rows that it answers for, where
 * {@link tilesByTwo}.
 *
 * @param end of what they cover of the first of these rows
 */
@inline
export function clearRest(end: usize, row: i32): void {
  const rowBytes = (<usize>argument(IN_WIDTH) * <usize>argument(CHANNELS)) << 2;
  const rest = (argument(IN_WIDTH) - 2 * argument(OUT_WIDTH)) * argument(CHANNELS);
  if (rest > 0) {
    clear(end, rest);
    clear(end + rowBytes, rest);
  }
  const rowsBelow = bandStart(row + 1) - 2 * row - 2;
  if (rowsBelow > 0) clear(end + ((<usize>rest) << 2) + rowBytes, rowsBelow * argument(IN_WIDTH) * argument(CHANNELS));
}

@inline
export function addTo(address: usize, value: f32): void {
  store<f32>(address, load<f32>(address) + value);
}
