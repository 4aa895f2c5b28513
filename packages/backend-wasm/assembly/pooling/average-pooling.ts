import { argument, setArgument } from "../runtime/arguments";
import { launch } from "../runtime/control";
import { clear, storeUntil } from "../vector/simd";
import { IMAGES, POOLED, addTo, bandStart, clearRest, rowsAreDisjoint, tilesByTwo } from "./bands";
import {
  CHANNELS,
  DILATION_HEIGHT,
  DILATION_WIDTH,
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
  endTap,
  firstTap,
} from "../runtime/window";

/** Mean of each window over the values inside the input; padding never counts. */

function averageTask(task: i32): void {
  const outHeight = argument(OUT_HEIGHT);
  const inWidth = argument(IN_WIDTH);
  const channels = argument(CHANNELS);
  const pixel = (<usize>channels) << 2;
  const rowBytes = <usize>inWidth * pixel;
  const image = <usize>argument(IMAGES) + <usize>(task / outHeight) * <usize>argument(IN_HEIGHT) * rowBytes;
  const top = (task % outHeight) * argument(STRIDE_HEIGHT) - argument(PAD_TOP);
  const dilationHeight = argument(DILATION_HEIGHT);
  const dilationWidth = argument(DILATION_WIDTH);
  const y0 = firstTap(top, dilationHeight);
  const y1 = endTap(top, dilationHeight, argument(WINDOW_HEIGHT), argument(IN_HEIGHT));
  const outWidth = argument(OUT_WIDTH);
  let output = <usize>argument(POOLED) + <usize>task * <usize>outWidth * pixel;
  for (let column = 0; column < outWidth; column++) {
    const left = column * argument(STRIDE_WIDTH) - argument(PAD_LEFT);
    const x0 = firstTap(left, dilationWidth);
    const x1 = endTap(left, dilationWidth, argument(WINDOW_WIDTH), inWidth);
    const corner = image + <usize>(top * inWidth + left) * pixel;
    const count = f32x4.splat(<f32>((y1 - y0) * (x1 - x0)));
    for (let channel = 0; channel < channels; channel += 4) {
      let sum = f32x4.splat(0);
      for (let y = y0; y < y1; y++) {
        for (let x = x0; x < x1; x++) {
          const offset = <usize>(y * dilationHeight) * rowBytes + <usize>(x * dilationWidth) * pixel;
          sum = f32x4.add(sum, v128.load(corner + offset + ((<usize>channel) << 2)));
        }
      }
      storeUntil(output + ((<usize>channel) << 2), f32x4.div(sum, count), output + pixel);
    }
    output += pixel;
  }
}

/** Windows of 2 x 2 that tile the images: four elements added at once. */
function averageByTwoTask(task: i32): void {
  const outHeight = argument(OUT_HEIGHT);
  const pixel = (<usize>argument(CHANNELS)) << 2;
  const rowBytes = <usize>argument(IN_WIDTH) * pixel;
  const outWidth = argument(OUT_WIDTH);
  const imageRow = (task / outHeight) * argument(IN_HEIGHT) + 2 * (task % outHeight);
  let input = <usize>argument(IMAGES) + <usize>imageRow * rowBytes;
  let output = <usize>argument(POOLED) + <usize>task * <usize>outWidth * pixel;
  const quarter = f32x4.splat(0.25);
  for (let column = 0; column < outWidth; column++) {
    for (const end = input + pixel; input < end; input += 16) {
      const upper = f32x4.add(v128.load(input), v128.load(input + pixel));
      const three = f32x4.add(upper, v128.load(input + rowBytes));
      v128.store(output, f32x4.mul(f32x4.add(three, v128.load(input + rowBytes + pixel)), quarter));
      output += 16;
    }
    input += pixel;
  }
}

export function averagePool(batch: i32, images: usize, pooled: usize): void {
  setArgument(IMAGES, <i32>images);
  setArgument(POOLED, <i32>pooled);
  launch(tilesByTwo() ? averageByTwoTask.index : averageTask.index, batch * argument(OUT_HEIGHT));
}

/** Clears rows `from` to `to` of an image's gradient, then spreads there what rows of windows have received. */
@inline
function spreadRows(image: i32, firstRow: i32, endRow: i32, from: i32, to: i32): void {
  const inHeight = argument(IN_HEIGHT);
  const inWidth = argument(IN_WIDTH);
  const channels = argument(CHANNELS);
  const pixel = (<usize>channels) << 2;
  const rowBytes = <usize>inWidth * pixel;
  const target = <usize>argument(IMAGES) + <usize>image * <usize>inHeight * rowBytes;
  const outWidth = argument(OUT_WIDTH);
  const dilationHeight = argument(DILATION_HEIGHT);
  const dilationWidth = argument(DILATION_WIDTH);
  let gradient = <usize>argument(POOLED) + <usize>((image * argument(OUT_HEIGHT) + firstRow) * outWidth) * pixel;
  clear(target + <usize>from * rowBytes, (to - from) * inWidth * channels);
  for (let row = firstRow; row < endRow; row++) {
    const top = row * argument(STRIDE_HEIGHT) - argument(PAD_TOP);
    const y0 = firstTap(top, dilationHeight);
    const y1 = endTap(top, dilationHeight, argument(WINDOW_HEIGHT), inHeight);
    for (let column = 0; column < outWidth; column++) {
      const left = column * argument(STRIDE_WIDTH) - argument(PAD_LEFT);
      const x0 = firstTap(left, dilationWidth);
      const x1 = endTap(left, dilationWidth, argument(WINDOW_WIDTH), inWidth);
      const corner = target + <usize>(top * inWidth + left) * pixel;
      const share = <f32>1 / <f32>((y1 - y0) * (x1 - x0));
      for (let y = y0; y < y1; y++) {
        for (let x = x0; x < x1; x++) {
          addShare(
            corner + <usize>(y * dilationHeight) * rowBytes + <usize>(x * dilationWidth) * pixel,
            gradient,
            share,
            channels,
          );
        }
      }
      gradient += pixel;
    }
  }
}

/** `target[i] += gradient[i] * share` for `count` floats. */
@inline
function addShare(target: usize, gradient: usize, share: f32, count: i32): void {
  const end = target + ((<usize>count) << 2);
  const shares = f32x4.splat(share);
  let from = gradient;
  for (; target + 16 <= end; target += 16) {
    v128.store(target, f32x4.add(v128.load(target), f32x4.mul(v128.load(from), shares)));
    from += 16;
  }
  for (; target < end; target += 4) {
    addTo(target, load<f32>(from) * share);
    from += 4;
  }
}

function spreadImageTask(task: i32): void {
  spreadRows(task, 0, argument(OUT_HEIGHT), 0, argument(IN_HEIGHT));
}

function spreadBandTask(task: i32): void {
  const row = task % argument(OUT_HEIGHT);
  spreadRows(task / argument(OUT_HEIGHT), row, row + 1, bandStart(row), bandStart(row + 1));
}

/** Writes every element that the windows of one output row cover, once; what is left of the band is cleared. */
function spreadByTwoTask(task: i32): void {
  const outHeight = argument(OUT_HEIGHT);
  const outWidth = argument(OUT_WIDTH);
  const pixel = (<usize>argument(CHANNELS)) << 2;
  const rowBytes = <usize>argument(IN_WIDTH) * pixel;
  const row = task % outHeight;
  let target = <usize>argument(IMAGES) + <usize>((task / outHeight) * argument(IN_HEIGHT) + 2 * row) * rowBytes;
  let gradient = <usize>argument(POOLED) + <usize>task * <usize>outWidth * pixel;
  const quarter = f32x4.splat(0.25);
  for (let column = 0; column < outWidth; column++) {
    for (const end = target + pixel; target < end; target += 16) {
      const share = f32x4.mul(v128.load(gradient), quarter);
      v128.store(target, share);
      v128.store(target + pixel, share);
      v128.store(target + rowBytes, share);
      v128.store(target + rowBytes + pixel, share);
      gradient += 16;
    }
    target += pixel;
  }
  clearRest(target, row);
}

/** Spreads each window's gradient evenly over its values inside the input. */
export function averagePoolGradient(batch: i32, gradient: usize, inputGradient: usize): void {
  setArgument(POOLED, <i32>gradient);
  setArgument(IMAGES, <i32>inputGradient);
  if (tilesByTwo()) launch(spreadByTwoTask.index, batch * argument(OUT_HEIGHT));
  else if (rowsAreDisjoint()) launch(spreadBandTask.index, batch * argument(OUT_HEIGHT));
  else launch(spreadImageTask.index, batch);
}
