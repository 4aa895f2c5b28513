import { setArgument } from "./arguments";

/**
 * How a window slides over NHWC images: the first arguments of each job that convolves or pools.
 *
 * Where there are as many channels after as before, as in pooling, {@link CHANNELS} are those.
 */
export const IN_HEIGHT: usize = 0;
export const IN_WIDTH: usize = 1;
export const IN_CHANNELS: usize = 2;
export const OUT_HEIGHT: usize = 3;
export const OUT_WIDTH: usize = 4;
export const OUT_CHANNELS: usize = 5;
export const WINDOW_HEIGHT: usize = 6;
export const WINDOW_WIDTH: usize = 7;
export const STRIDE_HEIGHT: usize = 8;
export const STRIDE_WIDTH: usize = 9;
export const DILATION_HEIGHT: usize = 10;
export const DILATION_WIDTH: usize = 11;
export const PAD_TOP: usize = 12;
export const PAD_LEFT: usize = 13;
export const CHANNELS: usize = OUT_CHANNELS;
/** The first argument behind them. */
export const FREE: usize = 14;

export function setWindow(
  inHeight: i32,
  inWidth: i32,
  inChannels: i32,
  outHeight: i32,
  outWidth: i32,
  outChannels: i32,
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
  setArgument(IN_CHANNELS, inChannels);
  setArgument(OUT_HEIGHT, outHeight);
  setArgument(OUT_WIDTH, outWidth);
  setArgument(OUT_CHANNELS, outChannels);
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
