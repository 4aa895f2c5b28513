import { setArgument } from "./control";

/** Geometry of a two-dimensional convolution over NHWC data, in the arguments 0 to 13 of each of its jobs. */
export const IN_HEIGHT: usize = 0;
export const IN_WIDTH: usize = 1;
export const IN_CHANNELS: usize = 2;
export const OUT_HEIGHT: usize = 3;
export const OUT_WIDTH: usize = 4;
export const OUT_CHANNELS: usize = 5;
export const KERNEL_HEIGHT: usize = 6;
export const KERNEL_WIDTH: usize = 7;
export const STRIDE_HEIGHT: usize = 8;
export const STRIDE_WIDTH: usize = 9;
export const DILATION_HEIGHT: usize = 10;
export const DILATION_WIDTH: usize = 11;
export const PAD_TOP: usize = 12;
export const PAD_LEFT: usize = 13;

export function setGeometry(
  inHeight: i32,
  inWidth: i32,
  inChannels: i32,
  outHeight: i32,
  outWidth: i32,
  outChannels: i32,
  kernelHeight: i32,
  kernelWidth: i32,
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
  setArgument(KERNEL_HEIGHT, kernelHeight);
  setArgument(KERNEL_WIDTH, kernelWidth);
  setArgument(STRIDE_HEIGHT, strideHeight);
  setArgument(STRIDE_WIDTH, strideWidth);
  setArgument(DILATION_HEIGHT, dilationHeight);
  setArgument(DILATION_WIDTH, dilationWidth);
  setArgument(PAD_TOP, padTop);
  setArgument(PAD_LEFT, padLeft);
}
