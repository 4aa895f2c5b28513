import { argument } from "../runtime/arguments";
import { scratchBytes } from "../runtime/control";
import { addInto, copyFloats } from "../vector/simd";
import { TILE_ROWS } from "../matrix/tile";
import {
  DILATION_HEIGHT,
  DILATION_WIDTH,
  IN_CHANNELS,
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
import { ASIDE_BYTES } from "../../src/codes/tile";

/**
 * Patches: rows of the `K = kernelHeight * kernelWidth * inChannels` input values that an output position is made from.
 */

@inline
export function patchLength(): i32 {
  return argument(WINDOW_HEIGHT) * argument(WINDOW_WIDTH) * argument(IN_CHANNELS);
}

/** Whether a patch row is an input row itself: a 1 x 1 kernel that visits every position. */
@inline
export function patchesAreInput(): bool {
  return (
    argument(WINDOW_HEIGHT) * argument(WINDOW_WIDTH) == 1 &&
    argument(IN_HEIGHT) == argument(OUT_HEIGHT) &&
    argument(IN_WIDTH) == argument(OUT_WIDTH) &&
    argument(STRIDE_HEIGHT) == 1 &&
    argument(STRIDE_WIDTH) == 1 &&
    argument(PAD_TOP) == 0 &&
    argument(PAD_LEFT) == 0
  );
}

/** Bytes between patch rows: no multiple of 256, so that a column of patches does not fall into few cache sets. */
@inline
export function patchStride(length: i32): i32 {
  const bytes = length << 2;
  return (bytes & 255) == 0 ? bytes + 64 : bytes;
}

/** Rows of a block: as many whole tiles as `bytes` hold at `bytesPerRow`, and at most 96 rows. */
@inline
export function rowsThatFit(bytes: i32, bytesPerRow: i32): i32 {
  const possible = (<i32>scratchBytes() - ASIDE_BYTES) / bytesPerRow;
  const wanted = max(TILE_ROWS, (min(96, bytes / bytesPerRow) / TILE_ROWS) * TILE_ROWS);
  return max(1, min(wanted, possible));
}

/** Gathers the patches of `rows` consecutive output positions (over batch, height and width). */
export function gather(input: usize, first: i32, rows: i32, target: usize, stride: usize): void {
  const inHeight = argument(IN_HEIGHT);
  const inWidth = argument(IN_WIDTH);
  const channels = argument(IN_CHANNELS);
  const outHeight = argument(OUT_HEIGHT);
  const outWidth = argument(OUT_WIDTH);
  const kernelHeight = argument(WINDOW_HEIGHT);
  const kernelWidth = argument(WINDOW_WIDTH);
  const dilationHeight = argument(DILATION_HEIGHT);
  const dilationWidth = argument(DILATION_WIDTH);
  const strideHeight = argument(STRIDE_HEIGHT);
  const strideWidth = argument(STRIDE_WIDTH);
  const imageBytes = (<usize>(inHeight * inWidth * channels)) << 2;
  const rowBytes = (<usize>(inWidth * channels)) << 2;
  const pixelBytes = (<usize>channels) << 2;
  const runBytes = <usize>kernelWidth * pixelBytes;
  let column = first % outWidth;
  let row = (first / outWidth) % outHeight;
  let image = input + <usize>(first / (outWidth * outHeight)) * imageBytes;
  for (let index = 0; index < rows; index++) {
    let to = target;
    let y = row * strideHeight - argument(PAD_TOP);
    const x = column * strideWidth - argument(PAD_LEFT);
    const inside = x >= 0 && x + kernelWidth <= inWidth && dilationWidth == 1;
    for (let kernelRow = 0; kernelRow < kernelHeight; kernelRow++) {
      if (<u32>y >= <u32>inHeight) {
        memory.fill(to, 0, runBytes);
      } else if (inside) {
        copyFloats(to, image + <usize>y * rowBytes + <usize>x * pixelBytes, kernelWidth * channels);
      } else {
        let tap = to;
        let at = x;
        for (let kernelColumn = 0; kernelColumn < kernelWidth; kernelColumn++) {
          if (<u32>at < <u32>inWidth) copyFloats(tap, image + <usize>y * rowBytes + <usize>at * pixelBytes, channels);
          else memory.fill(tap, 0, pixelBytes);
          tap += pixelBytes;
          at += dilationWidth;
        }
      }
      to += runBytes;
      y += dilationHeight;
    }
    target += stride;
    if (++column == outWidth) {
      column = 0;
      if (++row == outHeight) {
        row = 0;
        image += imageBytes;
      }
    }
  }
}

/** Adds the patch gradients of `rows` consecutive output positions to their images' input gradients. */
export function scatter(first: i32, rows: i32, source: usize, stride: usize, gradient: usize): void {
  const inHeight = argument(IN_HEIGHT);
  const inWidth = argument(IN_WIDTH);
  const channels = argument(IN_CHANNELS);
  const outHeight = argument(OUT_HEIGHT);
  const outWidth = argument(OUT_WIDTH);
  const kernelHeight = argument(WINDOW_HEIGHT);
  const kernelWidth = argument(WINDOW_WIDTH);
  const dilationHeight = argument(DILATION_HEIGHT);
  const dilationWidth = argument(DILATION_WIDTH);
  const pixelBytes = (<usize>channels) << 2;
  const rowBytes = <usize>inWidth * pixelBytes;
  const runBytes = <usize>kernelWidth * pixelBytes;
  const imageBytes = <usize>inHeight * rowBytes;
  let column = first % outWidth;
  let row = (first / outWidth) % outHeight;
  let image = gradient + <usize>(first / (outWidth * outHeight)) * imageBytes;
  for (let index = 0; index < rows; index++) {
    let from = source;
    let y = row * argument(STRIDE_HEIGHT) - argument(PAD_TOP);
    const x = column * argument(STRIDE_WIDTH) - argument(PAD_LEFT);
    const inside = x >= 0 && x + kernelWidth <= inWidth && dilationWidth == 1;
    for (let kernelRow = 0; kernelRow < kernelHeight; kernelRow++) {
      if (<u32>y < <u32>inHeight) {
        if (inside) {
          addInto(image + <usize>y * rowBytes + <usize>x * pixelBytes, from, kernelWidth * channels);
        } else {
          let tap = from;
          let at = x;
          for (let kernelColumn = 0; kernelColumn < kernelWidth; kernelColumn++) {
            if (<u32>at < <u32>inWidth) addInto(image + <usize>y * rowBytes + <usize>at * pixelBytes, tap, channels);
            tap += pixelBytes;
            at += dilationWidth;
          }
        }
      }
      from += runBytes;
      y += dilationHeight;
    }
    source += stride;
    if (++column == outWidth) {
      column = 0;
      if (++row == outHeight) {
        row = 0;
        image += imageBytes;
      }
    }
  }
}
