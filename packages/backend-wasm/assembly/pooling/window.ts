import { argument, setArgument } from "../runtime/control";
import { clear } from "../vector/simd";

/** How a window slides over NHWC images: the arguments that every pooling kernel shares, the first 16 of a job. */

export const IN_HEIGHT: usize = 0;
export const IN_WIDTH: usize = 1;
export const CHANNELS: usize = 2;
export const OUT_HEIGHT: usize = 3;
export const OUT_WIDTH: usize = 4;
export const WINDOW_HEIGHT: usize = 5;
export const WINDOW_WIDTH: usize = 6;
export const STRIDE_HEIGHT: usize = 7;
export const STRIDE_WIDTH: usize = 8;
export const DILATION_HEIGHT: usize = 9;
export const DILATION_WIDTH: usize = 10;
export const PAD_TOP: usize = 11;
export const PAD_LEFT: usize = 12;
/** Images, and what was pooled of them; or the gradients towards either. */
export const IMAGES: usize = 13;
export const POOLED: usize = 14;

export function setWindow(
  inHeight: i32,
  inWidth: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  windowHeight: i32,
  windowWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  dilationHeight: i32,
  dilationWidth: i32,
  padTop: i32,
  padLeft: i32,
): void {
  setArgument(IN_HEIGHT, inHeight);
  setArgument(IN_WIDTH, inWidth);
  setArgument(CHANNELS, channels);
  setArgument(OUT_HEIGHT, outHeight);
  setArgument(OUT_WIDTH, outWidth);
  setArgument(WINDOW_HEIGHT, windowHeight);
  setArgument(WINDOW_WIDTH, windowWidth);
  setArgument(STRIDE_HEIGHT, strideHeight);
  setArgument(STRIDE_WIDTH, strideWidth);
  setArgument(DILATION_HEIGHT, dilationHeight);
  setArgument(DILATION_WIDTH, dilationWidth);
  setArgument(PAD_TOP, padTop);
  setArgument(PAD_LEFT, padLeft);
}

/** First tap of a window that lies inside the input, for a window that begins at `start`. */
@inline
export function firstTap(start: i32, dilation: i32): i32 {
  return start >= 0 ? 0 : (-start + dilation - 1) / dilation;
}

/** One past the last tap inside; not less than {@link firstTap}, also where the whole window lies in the padding. */
@inline
export function endTap(start: i32, dilation: i32, window: i32, length: i32): i32 {
  const end = start >= length ? 0 : min(window, (length - start + dilation - 1) / dilation);
  return max(firstTap(start, dilation), end);
}

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
