import { chosenOfFour, largestOfFour, letThrough } from "../pooling/choices";
import { argument } from "../runtime/arguments";
import { clear } from "../vector/simd";
import {
  ACTIVATION,
  BIAS,
  CHOICES,
  MASK,
  OUTPUT,
  PATCH,
  halfDone,
  patchBuffer,
  tilesAcross,
  tilesInImage,
} from "./winograd-job";
import { transformProducts } from "./winograd-transforms";
import { LINEAR, RELU6 } from "../../src/codes/epilogue";
import { TILE } from "../../src/codes/winograd";
import { loadBytes, storeBytes } from "../vector/bytes";
import { OUT_CHANNELS, OUT_HEIGHT, OUT_WIDTH } from "../runtime/window";

/** Minimal filtering whose output goes through windows of 2 x 2, of which a tile has four. */

/**
 * Transforms products back to outputs, adds the bias, applies the activation and keeps the largest of each window, noting
 * which that is where there is room for choices.
 */
export function writePooled(
  first: i32,
  count: i32,
  firstChannel: i32,
  channels: i32,
  from: usize,
  stride: usize,
): void {
  const pooledHeight = argument(OUT_HEIGHT) >> 1;
  const pooledWidth = argument(OUT_WIDTH) >> 1;
  const outChannels = argument(OUT_CHANNELS);
  const across = tilesAcross();
  const inImage = tilesInImage();
  const bias: usize = argument(BIAS) == 0 ? 0 : <usize>argument(BIAS) + ((<usize>firstChannel) << 2);
  const activation = argument(ACTIVATION);
  const floor = f32x4.splat(activation == LINEAR ? -Infinity : 0);
  const ceiling = f32x4.splat(activation == RELU6 ? 6 : Infinity);
  const half = halfDone();
  const upper = patchBuffer();
  const lower = upper + ((<usize>TILE) << 4);
  for (let index = 0; index < count; index++) {
    const tile = first + index;
    const image = tile / inImage;
    const inside = tile - image * inImage;
    const y = (inside / across) * (TILE >> 1);
    const x = (inside % across) * (TILE >> 1);
    const rows = min(TILE >> 1, pooledHeight - y);
    const columns = min(TILE >> 1, pooledWidth - x);
    if (rows <= 0 || columns <= 0) continue;
    const source = from + <usize>((index * channels) << 2);
    const offset = <usize>(((image * pooledHeight + y) * pooledWidth + x) * outChannels + firstChannel);
    for (let channel: usize = 0; channel < <usize>channels; channel += 4) {
      for (let column: usize = 0; column < PATCH; column++) {
        transformProducts(source + (channel << 2) + column * stride, PATCH * stride, half + (column << 4), PATCH << 4);
      }
      const shift = bias == 0 ? f32x4.splat(0) : v128.load(bias + (channel << 2));
      for (let row = 0; row < rows; row++) {
        transformProducts(half + <usize>(2 * row) * (PATCH << 4), 16, upper, 16);
        transformProducts(half + <usize>(2 * row + 1) * (PATCH << 4), 16, lower, 16);
        for (let column = 0; column < columns; column++) {
          const at = (<usize>column) << 5;
          const a = f32x4.pmin(f32x4.pmax(f32x4.add(v128.load(upper + at), shift), floor), ceiling);
          const b = f32x4.pmin(f32x4.pmax(f32x4.add(v128.load(upper + at, 16), shift), floor), ceiling);
          const c = f32x4.pmin(f32x4.pmax(f32x4.add(v128.load(lower + at), shift), floor), ceiling);
          const d = f32x4.pmin(f32x4.pmax(f32x4.add(v128.load(lower + at, 16), shift), floor), ceiling);
          const element = offset + channel + <usize>((row * pooledWidth + column) * outChannels);
          v128.store(<usize>argument(OUTPUT) + (element << 2), largestOfFour(a, b, c, d));
          if (argument(CHOICES) != 0) storeBytes(<usize>argument(CHOICES) + element, chosenOfFour(a, b, c, d));
        }
      }
    }
  }
}

/**
 * Writes the output gradients of a tile, `[row][column][channel]`, as those of its windows spread them: each to the element
 * that was chosen, if the activation lets it through. Adds what is let through to `biasGradient` where that is not 0.
 */
export function spreadPooled(
  image: i32,
  y: i32,
  x: i32,
  firstChannel: i32,
  channels: i32,
  to: usize,
  biasGradient: usize,
): void {
  const pooledHeight = argument(OUT_HEIGHT) >> 1;
  const pooledWidth = argument(OUT_WIDTH) >> 1;
  const activation = argument(ACTIVATION);
  const cellBytes = (<usize>channels) << 2;
  const rowBytes = <usize>TILE * cellBytes;
  for (let row = 0; row < TILE; row += 2) {
    for (let column = 0; column < TILE; column += 2) {
      const pooledY = (y + row) >> 1;
      const pooledX = (x + column) >> 1;
      let cell = to + <usize>(row * TILE + column) * cellBytes;
      if (pooledY >= pooledHeight || pooledX >= pooledWidth) {
        clear(cell, 2 * channels);
        clear(cell + rowBytes, 2 * channels);
        continue;
      }
      const element = <usize>(
        (((image * pooledHeight + pooledY) * pooledWidth + pooledX) * argument(OUT_CHANNELS) + firstChannel)
      );
      let gradient = <usize>argument(OUTPUT) + (element << 2);
      let pooled = <usize>argument(MASK) + (element << 2);
      let choices = <usize>argument(CHOICES) + element;
      let bias = biasGradient;
      for (let channel = 0; channel < channels; channel += 4) {
        const slope = letThrough(v128.load(gradient), pooled, activation);
        const choice = loadBytes(choices);
        v128.store(cell, v128.and(slope, i32x4.eq(choice, i32x4.splat(0))));
        v128.store(cell + cellBytes, v128.and(slope, i32x4.eq(choice, i32x4.splat(1))));
        v128.store(cell + rowBytes, v128.and(slope, i32x4.eq(choice, i32x4.splat(2))));
        v128.store(cell + rowBytes + cellBytes, v128.and(slope, i32x4.eq(choice, i32x4.splat(3))));
        if (bias != 0) {
          v128.store(bias, f32x4.add(v128.load(bias), slope));
          bias += 16;
        }
        cell += 16;
        gradient += 16;
        pooled += 16;
        choices += 4;
      }
    }
  }
}
