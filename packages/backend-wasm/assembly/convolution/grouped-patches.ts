import { argument } from "../runtime/arguments";
import { scratchBytes } from "../runtime/control";
import { addInto, clear, copyFloats } from "../vector/simd";
import { TILE_ROWS } from "../matrix/tile";
import {
  DILATION_HEIGHT,
  DILATION_WIDTH,
  FREE,
  IN_CHANNELS,
  IN_HEIGHT,
  IN_WIDTH,
  OUT_CHANNELS,
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

/** Patches of one group's channels, for `grouped-convolution.ts`; the geometry has the channels of all groups together. */

export const GROUPS: usize = FREE + 1;
/** Images, or their gradient. */
export const IMAGES: usize = FREE + 2;

/** Bytes of patches in a block: about a first-level cache. */
const PATCH_BYTES: i32 = 49152;

@inline
function inputsOfGroup(): i32 {
  return argument(IN_CHANNELS) / argument(GROUPS);
}

@inline
export function outputsOfGroup(): i32 {
  return argument(OUT_CHANNELS) / argument(GROUPS);
}

/** Length of a group's patch row. */
@inline
export function patchLength(): i32 {
  return argument(WINDOW_HEIGHT) * argument(WINDOW_WIDTH) * inputsOfGroup();
}

/** Bytes between patch rows: no multiple of 256, so that a column of patches does not fall into few cache sets. */
@inline
export function patchStride(length: i32): i32 {
  const bytes = length << 2;
  return (bytes & 255) == 0 ? bytes + 64 : bytes;
}

@inline
export function rowsThatFit(bytesPerRow: i32): i32 {
  const possible = (<i32>scratchBytes() - ASIDE_BYTES) / bytesPerRow;
  const wanted = max(TILE_ROWS, (min(96, PATCH_BYTES / bytesPerRow) / TILE_ROWS) * TILE_ROWS);
  return max(1, min(wanted, possible));
}

/**
 * Moves the patches of `rows` consecutive output positions, of one group's channels: from the images to `patches`, or
 * added up the other way.
 */
@inline
function movePatches(back: bool, group: i32, first: i32, rows: i32, patches: usize, stride: usize): void {
  const inHeight = argument(IN_HEIGHT);
  const inWidth = argument(IN_WIDTH);
  const outHeight = argument(OUT_HEIGHT);
  const outWidth = argument(OUT_WIDTH);
  const kernelHeight = argument(WINDOW_HEIGHT);
  const kernelWidth = argument(WINDOW_WIDTH);
  const strideWidth = argument(STRIDE_WIDTH);
  const dilationHeight = argument(DILATION_HEIGHT);
  const dilationWidth = argument(DILATION_WIDTH);
  const channels = inputsOfGroup();
  const tapBytes = (<usize>channels) << 2;
  const pixel = (<usize>argument(IN_CHANNELS)) << 2;
  const lineBytes = <usize>inWidth * pixel;
  const step = <usize>dilationWidth * pixel;
  const reach = (kernelWidth - 1) * dilationWidth;
  const images = <usize>argument(IMAGES) + <usize>group * tapBytes;
  let column = first % outWidth;
  let row = (first / outWidth) % outHeight;
  let image = images + <usize>(first / (outWidth * outHeight)) * <usize>inHeight * lineBytes;
  for (let index = 0; index < rows; index++) {
    let tap = patches;
    let y = row * argument(STRIDE_HEIGHT) - argument(PAD_TOP);
    const left = column * strideWidth - argument(PAD_LEFT);
    const inside = left >= 0 && left + reach < inWidth;
    for (let kernelRow = 0; kernelRow < kernelHeight; kernelRow++) {
      let at = image + <usize>y * lineBytes + <usize>left * pixel;
      const rowInside = <u32>y < <u32>inHeight;
      if (inside && rowInside) {
        for (let kernelColumn = 0; kernelColumn < kernelWidth; kernelColumn++) {
          if (back) addInto(at, tap, channels);
          else copyFloats(tap, at, channels);
          tap += tapBytes;
          at += step;
        }
      } else {
        let x = left;
        for (let kernelColumn = 0; kernelColumn < kernelWidth; kernelColumn++) {
          if (rowInside && <u32>x < <u32>inWidth) {
            if (back) addInto(at, tap, channels);
            else copyFloats(tap, at, channels);
          } else if (!back) clear(tap, channels);
          tap += tapBytes;
          at += step;
          x += dilationWidth;
        }
      }
      y += dilationHeight;
    }
    patches += stride;
    if (++column == outWidth) {
      column = 0;
      if (++row == outHeight) {
        row = 0;
        image += <usize>inHeight * lineBytes;
      }
    }
  }
}

export function gather(group: i32, first: i32, rows: i32, patches: usize, stride: usize): void {
  movePatches(false, group, first, rows, patches, stride);
}

export function scatter(group: i32, first: i32, rows: i32, patches: usize, stride: usize): void {
  movePatches(true, group, first, rows, patches, stride);
}
