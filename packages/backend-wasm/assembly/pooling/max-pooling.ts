import { chosenOfFour, largestOfFour } from "./choices";
import { argument, setArgument } from "../runtime/arguments";
import { launch } from "../runtime/control";
import { IMAGES, POOLED, tilesByTwo } from "./bands";
import { storeBytes } from "../vector/bytes";
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
  endTap,
  firstTap,
} from "../runtime/window";

/** Largest value of each window; neither padding nor NaN counts. One task pools the windows of one output row. */

const CHOICES: usize = FREE + 2;

@inline
function poolByTwo(task: i32, choosing: bool): void {
  const outHeight = argument(OUT_HEIGHT);
  const pixel = (<usize>argument(CHANNELS)) << 2;
  const rowBytes = <usize>argument(IN_WIDTH) * pixel;
  const outWidth = argument(OUT_WIDTH);
  const imageRow = (task / outHeight) * argument(IN_HEIGHT) + 2 * (task % outHeight);
  let input = <usize>argument(IMAGES) + <usize>imageRow * rowBytes;
  let output = <usize>argument(POOLED) + <usize>task * <usize>outWidth * pixel;
  let choices = choosing ? <usize>argument(CHOICES) + ((<usize>task * <usize>outWidth * pixel) >> 2) : 0;
  for (let column = 0; column < outWidth; column++) {
    const end = input + pixel;
    while (input < end) {
      const a = v128.load(input);
      const b = v128.load(input + pixel);
      const c = v128.load(input + rowBytes);
      const d = v128.load(input + rowBytes + pixel);
      v128.store(output, largestOfFour(a, b, c, d));
      if (choosing) {
        storeBytes(choices, chosenOfFour(a, b, c, d));
        choices += 4;
      }
      input += 16;
      output += 16;
    }
    input += pixel;
  }
}

@inline
function poolRow(task: i32, choosing: bool): void {
  const outHeight = argument(OUT_HEIGHT);
  const inWidth = argument(IN_WIDTH);
  const channels = argument(CHANNELS);
  const pixel = (<usize>channels) << 2;
  const rowBytes = <usize>inWidth * pixel;
  const image = <usize>argument(IMAGES) + <usize>(task / outHeight) * <usize>argument(IN_HEIGHT) * rowBytes;
  const top = (task % outHeight) * argument(STRIDE_HEIGHT) - argument(PAD_TOP);
  const dilationHeight = argument(DILATION_HEIGHT);
  const dilationWidth = argument(DILATION_WIDTH);
  const windowWidth = argument(WINDOW_WIDTH);
  const y0 = firstTap(top, dilationHeight);
  const y1 = endTap(top, dilationHeight, argument(WINDOW_HEIGHT), argument(IN_HEIGHT));
  const outWidth = argument(OUT_WIDTH);
  let output = <usize>argument(POOLED) + <usize>task * <usize>outWidth * pixel;
  let choices = choosing ? <usize>argument(CHOICES) + ((<usize>task * <usize>outWidth * pixel) >> 2) : 0;
  for (let column = 0; column < outWidth; column++) {
    const left = column * argument(STRIDE_WIDTH) - argument(PAD_LEFT);
    const x0 = firstTap(left, dilationWidth);
    const x1 = endTap(left, dilationWidth, windowWidth, inWidth);
    const corner = image + <usize>(top * inWidth + left) * pixel;
    let channel = 0;
    for (; channel + 4 <= channels; channel += 4) {
      let best = f32x4.splat(-Infinity);
      let at = i32x4.splat(y0 * windowWidth + x0);
      for (let y = y0; y < y1; y++) {
        for (let x = x0; x < x1; x++) {
          const offset = <usize>(y * dilationHeight) * rowBytes + <usize>(x * dilationWidth) * pixel;
          const value = v128.load(corner + offset + ((<usize>channel) << 2));
          if (choosing) at = v128.bitselect(i32x4.splat(y * windowWidth + x), at, f32x4.lt(best, value));
          best = f32x4.pmax(best, value);
        }
      }
      v128.store(output + ((<usize>channel) << 2), best);
      if (choosing) storeBytes(choices + channel, at);
    }
    for (; channel < channels; channel++) {
      let best: f32 = -Infinity;
      let at = y0 * windowWidth + x0;
      for (let y = y0; y < y1; y++) {
        for (let x = x0; x < x1; x++) {
          const offset = <usize>(y * dilationHeight) * rowBytes + <usize>(x * dilationWidth) * pixel;
          const value = load<f32>(corner + offset + ((<usize>channel) << 2));
          if (value > best) {
            best = value;
            at = y * windowWidth + x;
          }
        }
      }
      store<f32>(output + ((<usize>channel) << 2), best);
      if (choosing) store<u8>(choices + channel, <u8>at);
    }
    output += pixel;
    if (choosing) choices += channels;
  }
}

function maxTask(task: i32): void {
  poolRow(task, false);
}

function maxByTwoTask(task: i32): void {
  poolByTwo(task, false);
}

function choosingTask(task: i32): void {
  poolRow(task, true);
}

function choosingByTwoTask(task: i32): void {
  poolByTwo(task, true);
}

export function maxPool(batch: i32, images: usize, pooled: usize): void {
  setArgument(IMAGES, <i32>images);
  setArgument(POOLED, <i32>pooled);
  launch(tilesByTwo() ? maxByTwoTask.index : maxTask.index, batch * argument(OUT_HEIGHT));
}

/**
 * {@link maxPool} that also notes which tap of its window each value came from, the first of equal ones.
 *
 * @param choices a byte for each output: `row * windowWidth + column` of the tap; windows have at most 256
 */
export function maxPoolChoosing(batch: i32, images: usize, pooled: usize, choices: usize): void {
  setArgument(IMAGES, <i32>images);
  setArgument(POOLED, <i32>pooled);
  setArgument(CHOICES, <i32>choices);
  launch(tilesByTwo() ? choosingByTwoTask.index : choosingTask.index, batch * argument(OUT_HEIGHT));
}
