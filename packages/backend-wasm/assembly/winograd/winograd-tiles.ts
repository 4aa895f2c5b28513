import { argument } from "../runtime/arguments";
import { maskGradient } from "../matrix/mask";
import { addInto, clear, copyFloats } from "../vector/simd";
import {
  ACTIVATION,
  BIAS,
  INPUT,
  MASK,
  OUTPUT,
  PATCH,
  POOLED,
  halfDone,
  patchBuffer,
  tilesAcross,
  tilesInImage,
} from "./winograd-job";
import { spreadPooled } from "./winograd-pooling";
import {
  transformInput,
  transformInputGradient,
  transformOutputGradient,
  transformProducts,
} from "./winograd-transforms";
import { LINEAR, RELU6 } from "../../src/codes/epilogue";
import { TILE } from "../../src/codes/winograd";
import {
  IN_CHANNELS,
  IN_HEIGHT,
  IN_WIDTH,
  OUT_CHANNELS,
  OUT_HEIGHT,
  OUT_WIDTH,
  PAD_LEFT,
  PAD_TOP,
} from "../runtime/window";

/** Transforms the patches of `count` tiles from `first` on: `[position][tile][input channel]`. */
export function transformPatches(first: i32, count: i32, to: usize, stride: usize): void {
  const inHeight = argument(IN_HEIGHT);
  const inWidth = argument(IN_WIDTH);
  const channels = argument(IN_CHANNELS);
  const across = tilesAcross();
  const inImage = tilesInImage();
  const pixelBytes = (<usize>channels) << 2;
  const rowBytes = <usize>inWidth * pixelBytes;
  const half = halfDone();
  for (let index = 0; index < count; index++) {
    const tile = first + index;
    const image = tile / inImage;
    const inside = tile - image * inImage;
    const y = (inside / across) * TILE - argument(PAD_TOP);
    const x = (inside % across) * TILE - argument(PAD_LEFT);
    const pixels = <usize>argument(INPUT) + <usize>image * <usize>inHeight * rowBytes;
    let from = pixels + <usize>y * rowBytes + <usize>x * pixelBytes;
    let fromRow = rowBytes;
    if (y < 0 || x < 0 || y + <i32>PATCH > inHeight || x + <i32>PATCH > inWidth) {
      fromRow = PATCH * pixelBytes;
      let cell = patchBuffer();
      from = cell;
      for (let row = y; row < y + <i32>PATCH; row++) {
        for (let column = x; column < x + <i32>PATCH; column++) {
          if (<u32>row < <u32>inHeight && <u32>column < <u32>inWidth) {
            copyFloats(cell, pixels + <usize>row * rowBytes + <usize>column * pixelBytes, channels);
          } else clear(cell, channels);
          cell += pixelBytes;
        }
      }
    }
    let target = to + <usize>index * pixelBytes;
    for (let channel = 0; channel < channels; channel += 4) {
      for (let column: usize = 0; column < PATCH; column++) {
        transformInput(from + column * pixelBytes, fromRow, half + (column << 4), PATCH << 4);
      }
      for (let row: usize = 0; row < PATCH; row++) {
        transformInput(half + row * (PATCH << 4), 16, target + row * PATCH * stride, stride);
      }
      from += 16;
      target += 16;
    }
  }
}

/**
 * Transforms output gradients of `count` tiles from `first` on: `[position][tile][channel]`, for `channels` channels from
 * `firstChannel` on. Adds them to `biasGradient` where that is not 0.
 */
export function transformGradients(
  first: i32,
  count: i32,
  firstChannel: i32,
  channels: i32,
  to: usize,
  stride: usize,
  biasGradient: usize,
): void {
  const outHeight = argument(OUT_HEIGHT);
  const outWidth = argument(OUT_WIDTH);
  const across = tilesAcross();
  const inImage = tilesInImage();
  const pixelBytes = (<usize>argument(OUT_CHANNELS)) << 2;
  const cellBytes = (<usize>channels) << 2;
  const outChannels = argument(OUT_CHANNELS);
  const activation = argument(ACTIVATION);
  const mask: usize = argument(MASK) == 0 ? 0 : <usize>argument(MASK) + ((<usize>firstChannel) << 2);
  const gradients = <usize>argument(OUTPUT) + ((<usize>firstChannel) << 2);
  const pooled = argument(POOLED) != 0;
  const half = halfDone();
  for (let index = 0; index < count; index++) {
    const tile = first + index;
    const image = tile / inImage;
    const inside = tile - image * inImage;
    const y = (inside / across) * TILE;
    const x = (inside % across) * TILE;
    let cell = patchBuffer();
    let from = cell;
    const columns = min(TILE, outWidth - x);
    if (pooled) spreadPooled(image, y, x, firstChannel, channels, cell, biasGradient);
    // All channels of neighbouring pixels lie in one run.
    const runs = channels == outChannels ? 1 : columns;
    const runLength = channels == outChannels ? columns * channels : channels;
    const runBytes = (<usize>runLength) << 2;
    for (let row = y; row < y + TILE && !pooled; row++) {
      let filled = 0;
      if (row < outHeight) {
        let offset = <usize>((image * outHeight + row) * outWidth + x) * pixelBytes;
        let run = cell;
        for (let index = 0; index < runs; index++) {
          if (mask == 0) copyFloats(run, gradients + offset, runLength);
          else maskGradient(run, gradients + offset, mask + offset, runLength, activation);
          run += runBytes;
          offset += pixelBytes;
        }
        filled = columns;
        if (biasGradient != 0)
          for (let column = 0; column < columns; column++)
            addInto(biasGradient, cell + <usize>column * cellBytes, channels);
      }
      if (filled < TILE) clear(cell + <usize>filled * cellBytes, (TILE - filled) * channels);
      cell += <usize>TILE * cellBytes;
    }
    let target = to + <usize>index * cellBytes;
    for (let channel = 0; channel < channels; channel += 4) {
      for (let column: usize = 0; column < <usize>TILE; column++) {
        transformOutputGradient(from + column * cellBytes, <usize>TILE * cellBytes, half + (column << 4), TILE << 4);
      }
      for (let row: usize = 0; row < PATCH; row++) {
        transformOutputGradient(half + row * (TILE << 4), 16, target + row * PATCH * stride, stride);
      }
      from += 16;
      target += 16;
    }
  }
}

/** Transforms products back to outputs, adds the bias and applies the activation. */
export function writeOutputs(
  first: i32,
  count: i32,
  firstChannel: i32,
  channels: i32,
  from: usize,
  stride: usize,
): void {
  const outHeight = argument(OUT_HEIGHT);
  const outWidth = argument(OUT_WIDTH);
  const across = tilesAcross();
  const inImage = tilesInImage();
  const pixelBytes = (<usize>argument(OUT_CHANNELS)) << 2;
  const bias: usize = argument(BIAS) == 0 ? 0 : <usize>argument(BIAS) + ((<usize>firstChannel) << 2);
  const activation = argument(ACTIVATION);
  const floor = f32x4.splat(activation == LINEAR ? -Infinity : 0);
  const ceiling = f32x4.splat(activation == RELU6 ? 6 : Infinity);
  const half = halfDone();
  const line = patchBuffer();
  for (let index = 0; index < count; index++) {
    const tile = first + index;
    const image = tile / inImage;
    const inside = tile - image * inImage;
    const y = (inside / across) * TILE;
    const x = (inside % across) * TILE;
    const rows = min(TILE, outHeight - y);
    const columns = min(TILE, outWidth - x);
    let source = from + <usize>((index * channels) << 2);
    let target =
      <usize>argument(OUTPUT) +
      <usize>((image * outHeight + y) * outWidth + x) * pixelBytes +
      ((<usize>firstChannel) << 2);
    for (let channel: usize = 0; channel < (<usize>channels) << 2; channel += 16) {
      for (let column: usize = 0; column < PATCH; column++) {
        transformProducts(source + column * stride, PATCH * stride, half + (column << 4), PATCH << 4);
      }
      const shift = bias == 0 ? f32x4.splat(0) : v128.load(bias + channel);
      for (let row = 0; row < rows; row++) {
        transformProducts(half + <usize>row * (PATCH << 4), 16, line, 16);
        let to = target + <usize>(row * outWidth) * pixelBytes;
        for (let column = 0; column < columns; column++) {
          const value = f32x4.add(v128.load(line + ((<usize>column) << 4)), shift);
          v128.store(to, f32x4.pmin(f32x4.pmax(value, floor), ceiling));
          to += pixelBytes;
        }
      }
      source += 16;
      target += 16;
    }
  }
}

/** Transforms products' gradients back and adds them to the input gradients. */
export function addInputGradients(
  first: i32,
  count: i32,
  firstChannel: i32,
  channels: i32,
  from: usize,
  stride: usize,
): void {
  const inHeight = argument(IN_HEIGHT);
  const inWidth = argument(IN_WIDTH);
  const across = tilesAcross();
  const inImage = tilesInImage();
  const pixelBytes = (<usize>argument(IN_CHANNELS)) << 2;
  const half = halfDone();
  const line = patchBuffer();
  for (let index = 0; index < count; index++) {
    const tile = first + index;
    const image = tile / inImage;
    const inside = tile - image * inImage;
    const y = (inside / across) * TILE - argument(PAD_TOP);
    const x = (inside % across) * TILE - argument(PAD_LEFT);
    let source = from + <usize>((index * channels) << 2);
    let target =
      <usize>argument(INPUT) + <usize>(image * inHeight * inWidth) * pixelBytes + ((<usize>firstChannel) << 2);
    for (let channel = 0; channel < channels; channel += 4) {
      for (let column: usize = 0; column < PATCH; column++) {
        transformInputGradient(source + column * stride, PATCH * stride, half + (column << 4), PATCH << 4);
      }
      for (let row = max(0, -y); row < min(<i32>PATCH, inHeight - y); row++) {
        transformInputGradient(half + <usize>row * (PATCH << 4), 16, line, 16);
        for (let column = max(0, -x); column < min(<i32>PATCH, inWidth - x); column++) {
          const to = target + <usize>((y + row) * inWidth + x + column) * pixelBytes;
          v128.store(to, f32x4.add(v128.load(to), v128.load(line + ((<usize>column) << 4))));
        }
      }
      source += 16;
      target += 16;
    }
  }
}
