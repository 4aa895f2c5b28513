import { argument, parallel, setArgument } from "./control";
import { clear } from "./simd";

/** Two-dimensional pooling over NHWC data. */

const IN_HEIGHT: usize = 0;
const IN_WIDTH: usize = 1;
const CHANNELS: usize = 2;
const OUT_HEIGHT: usize = 3;
const OUT_WIDTH: usize = 4;
const WINDOW_HEIGHT: usize = 5;
const WINDOW_WIDTH: usize = 6;
const STRIDE_HEIGHT: usize = 7;
const STRIDE_WIDTH: usize = 8;
const DILATION_HEIGHT: usize = 9;
const DILATION_WIDTH: usize = 10;
const PAD_TOP: usize = 11;
const PAD_LEFT: usize = 12;
const INPUT: usize = 13;
const OUTPUT: usize = 14;
const GRADIENT: usize = 15;

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
@inline function firstTap(start: i32, dilation: i32): i32 {
  return start >= 0 ? 0 : (-start + dilation - 1) / dilation;
}

/** One past the last tap inside; not less than {@link firstTap}, also where the whole window lies in the padding. */
@inline function endTap(start: i32, dilation: i32, window: i32, length: i32): i32 {
  const end = start >= length ? 0 : min(window, (length - start + dilation - 1) / dilation);
  return max(firstTap(start, dilation), end);
}

function maxTask(task: i32): void {
  const outHeight = argument(OUT_HEIGHT);
  const inWidth = argument(IN_WIDTH);
  const channels = argument(CHANNELS);
  const pixel = <usize>channels << 2;
  const rowBytes = <usize>inWidth * pixel;
  const image = <usize>argument(INPUT) + <usize>(task / outHeight) * <usize>argument(IN_HEIGHT) * rowBytes;
  const top = (task % outHeight) * argument(STRIDE_HEIGHT) - argument(PAD_TOP);
  const dilationHeight = argument(DILATION_HEIGHT);
  const dilationWidth = argument(DILATION_WIDTH);
  const y0 = firstTap(top, dilationHeight);
  const y1 = endTap(top, dilationHeight, argument(WINDOW_HEIGHT), argument(IN_HEIGHT));
  const outWidth = argument(OUT_WIDTH);
  let output = <usize>argument(OUTPUT) + <usize>task * <usize>outWidth * pixel;
  for (let column = 0; column < outWidth; column++) {
    const left = column * argument(STRIDE_WIDTH) - argument(PAD_LEFT);
    const x0 = firstTap(left, dilationWidth);
    const x1 = endTap(left, dilationWidth, argument(WINDOW_WIDTH), inWidth);
    const corner = image + <usize>(top * inWidth + left) * pixel;
    let channel = 0;
    for (; channel + 4 <= channels; channel += 4) {
      let best = f32x4.splat(-Infinity);
      for (let y = y0; y < y1; y++) {
        for (let x = x0; x < x1; x++) {
          const offset = <usize>(y * dilationHeight) * rowBytes + <usize>(x * dilationWidth) * pixel;
          best = f32x4.pmax(best, v128.load(corner + offset + (<usize>channel << 2)));
        }
      }
      v128.store(output + (<usize>channel << 2), best);
    }
    for (; channel < channels; channel++) {
      let best: f32 = -Infinity;
      for (let y = y0; y < y1; y++) {
        for (let x = x0; x < x1; x++) {
          const offset = <usize>(y * dilationHeight) * rowBytes + <usize>(x * dilationWidth) * pixel;
          const value = load<f32>(corner + offset + (<usize>channel << 2));
          if (value > best) best = value;
        }
      }
      store<f32>(output + (<usize>channel << 2), best);
    }
    output += pixel;
  }
}

/** Largest value of each window; neither padding nor NaN counts. */
export function maxPool(batch: i32, input: usize, output: usize): void {
  setArgument(INPUT, <i32>input);
  setArgument(OUTPUT, <i32>output);
  parallel(maxTask.index, batch * argument(OUT_HEIGHT));
}

function maxGradientTask(task: i32): void {
  const inHeight = argument(IN_HEIGHT);
  const inWidth = argument(IN_WIDTH);
  const channels = argument(CHANNELS);
  const pixel = <usize>channels << 2;
  const rowBytes = <usize>inWidth * pixel;
  const imageOffset = <usize>task * <usize>inHeight * rowBytes;
  const image = <usize>argument(INPUT) + imageOffset;
  const target = <usize>argument(OUTPUT) + imageOffset;
  const outHeight = argument(OUT_HEIGHT);
  const outWidth = argument(OUT_WIDTH);
  const dilationHeight = argument(DILATION_HEIGHT);
  const dilationWidth = argument(DILATION_WIDTH);
  let gradient = <usize>argument(GRADIENT) + <usize>task * <usize>(outHeight * outWidth) * pixel;
  clear(target, inHeight * inWidth * channels);
  for (let row = 0; row < outHeight; row++) {
    const top = row * argument(STRIDE_HEIGHT) - argument(PAD_TOP);
    const y0 = firstTap(top, dilationHeight);
    const y1 = endTap(top, dilationHeight, argument(WINDOW_HEIGHT), inHeight);
    for (let column = 0; column < outWidth; column++) {
      const left = column * argument(STRIDE_WIDTH) - argument(PAD_LEFT);
      const x0 = firstTap(left, dilationWidth);
      const x1 = endTap(left, dilationWidth, argument(WINDOW_WIDTH), inWidth);
      const corner = <usize>(top * inWidth + left) * pixel;
      // A window that lies wholly in the padding has no value to give its gradient to.
      let channel = y0 < y1 && x0 < x1 ? 0 : channels;
      for (; channel + 4 <= channels; channel += 4) {
        const lane = corner + (<usize>channel << 2);
        let best = f32x4.splat(-Infinity);
        let at = i32x4.splat(<i32>(<usize>(y0 * dilationHeight) * rowBytes + <usize>(x0 * dilationWidth) * pixel));
        for (let y = y0; y < y1; y++) {
          for (let x = x0; x < x1; x++) {
            const offset = <usize>(y * dilationHeight) * rowBytes + <usize>(x * dilationWidth) * pixel;
            const value = v128.load(image + lane + offset);
            const larger = f32x4.gt(value, best);
            best = v128.bitselect(value, best, larger);
            at = v128.bitselect(i32x4.splat(<i32>offset), at, larger);
          }
        }
        const dy = gradient + (<usize>channel << 2);
        addTo(target + lane + <usize>i32x4.extract_lane(at, 0), load<f32>(dy));
        addTo(target + lane + <usize>i32x4.extract_lane(at, 1) + 4, load<f32>(dy, 4));
        addTo(target + lane + <usize>i32x4.extract_lane(at, 2) + 8, load<f32>(dy, 8));
        addTo(target + lane + <usize>i32x4.extract_lane(at, 3) + 12, load<f32>(dy, 12));
      }
      for (; channel < channels; channel++) {
        const lane = corner + (<usize>channel << 2);
        let best: f32 = -Infinity;
        let at = <usize>(y0 * dilationHeight) * rowBytes + <usize>(x0 * dilationWidth) * pixel;
        for (let y = y0; y < y1; y++) {
          for (let x = x0; x < x1; x++) {
            const offset = <usize>(y * dilationHeight) * rowBytes + <usize>(x * dilationWidth) * pixel;
            const value = load<f32>(image + lane + offset);
            if (value > best) {
              best = value;
              at = offset;
            }
          }
        }
        addTo(target + lane + at, load<f32>(gradient + (<usize>channel << 2)));
      }
      gradient += pixel;
    }
  }
}

/** Writes the gradient of a 2 x 2 window over four channels, all of it to the first largest value. */
@inline function writeWindow(source: usize, target: usize, right: usize, below: usize, dy: v128): void {
  const a = v128.load(source);
  const b = v128.load(source + right);
  const c = v128.load(source + below);
  const d = v128.load(source + below + right);
  const bLeads = f32x4.gt(b, a);
  const upper = v128.bitselect(b, a, bLeads);
  const cLeads = f32x4.gt(c, upper);
  const three = v128.bitselect(c, upper, cLeads);
  const dLeads = f32x4.gt(d, three);
  const rest = v128.andnot(dy, dLeads);
  const top = v128.andnot(rest, cLeads);
  v128.store(target, v128.andnot(top, bLeads));
  v128.store(target + right, v128.and(top, bLeads));
  v128.store(target + below, v128.and(rest, cLeads));
  v128.store(target + below + right, v128.and(dy, dLeads));
}

@inline function addTo(address: usize, value: f32): void {
  store<f32>(address, load<f32>(address) + value);
}

/** Each window's gradient goes to its largest value, the first of equal ones. */
export function maxPoolGradient(batch: i32, input: usize, gradient: usize, inputGradient: usize): void {
  setArgument(INPUT, <i32>input);
  setArgument(GRADIENT, <i32>gradient);
  setArgument(OUTPUT, <i32>inputGradient);
  parallel(maxGradientTask.index, batch);
}

function averageTask(task: i32): void {
  const outHeight = argument(OUT_HEIGHT);
  const inWidth = argument(IN_WIDTH);
  const channels = argument(CHANNELS);
  const pixel = <usize>channels << 2;
  const rowBytes = <usize>inWidth * pixel;
  const image = <usize>argument(INPUT) + <usize>(task / outHeight) * <usize>argument(IN_HEIGHT) * rowBytes;
  const top = (task % outHeight) * argument(STRIDE_HEIGHT) - argument(PAD_TOP);
  const dilationHeight = argument(DILATION_HEIGHT);
  const dilationWidth = argument(DILATION_WIDTH);
  const y0 = firstTap(top, dilationHeight);
  const y1 = endTap(top, dilationHeight, argument(WINDOW_HEIGHT), argument(IN_HEIGHT));
  const outWidth = argument(OUT_WIDTH);
  let output = <usize>argument(OUTPUT) + <usize>task * <usize>outWidth * pixel;
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
          sum = f32x4.add(sum, v128.load(corner + offset + (<usize>channel << 2)));
        }
      }
      storeLanes(output + (<usize>channel << 2), f32x4.div(sum, count), channels - channel);
    }
    output += pixel;
  }
}

@inline function storeLanes(address: usize, value: v128, count: i32): void {
  if (count >= 4) {
    v128.store(address, value);
    return;
  }
  store<f32>(address, f32x4.extract_lane(value, 0));
  if (count > 1) store<f32>(address, f32x4.extract_lane(value, 1), 4);
  if (count > 2) store<f32>(address, f32x4.extract_lane(value, 2), 8);
}

/** Mean of each window over the values inside the input; padding never counts. */
export function averagePool(batch: i32, input: usize, output: usize): void {
  setArgument(INPUT, <i32>input);
  setArgument(OUTPUT, <i32>output);
  parallel(averageTask.index, batch * argument(OUT_HEIGHT));
}

function averageGradientTask(task: i32): void {
  const inHeight = argument(IN_HEIGHT);
  const inWidth = argument(IN_WIDTH);
  const channels = argument(CHANNELS);
  const pixel = <usize>channels << 2;
  const rowBytes = <usize>inWidth * pixel;
  const image = <usize>argument(OUTPUT) + <usize>task * <usize>inHeight * rowBytes;
  const outHeight = argument(OUT_HEIGHT);
  const outWidth = argument(OUT_WIDTH);
  const dilationHeight = argument(DILATION_HEIGHT);
  const dilationWidth = argument(DILATION_WIDTH);
  let gradient = <usize>argument(GRADIENT) + <usize>task * <usize>(outHeight * outWidth) * pixel;
  clear(image, inHeight * inWidth * channels);
  for (let row = 0; row < outHeight; row++) {
    const top = row * argument(STRIDE_HEIGHT) - argument(PAD_TOP);
    const y0 = firstTap(top, dilationHeight);
    const y1 = endTap(top, dilationHeight, argument(WINDOW_HEIGHT), inHeight);
    for (let column = 0; column < outWidth; column++) {
      const left = column * argument(STRIDE_WIDTH) - argument(PAD_LEFT);
      const x0 = firstTap(left, dilationWidth);
      const x1 = endTap(left, dilationWidth, argument(WINDOW_WIDTH), inWidth);
      const corner = image + <usize>(top * inWidth + left) * pixel;
      const share = <f32>1 / <f32>((y1 - y0) * (x1 - x0));
      for (let y = y0; y < y1; y++) {
        for (let x = x0; x < x1; x++) {
          let at = corner + <usize>(y * dilationHeight) * rowBytes + <usize>(x * dilationWidth) * pixel;
          for (let channel = 0; channel < channels; channel++) {
            addTo(at, load<f32>(gradient + (<usize>channel << 2)) * share);
            at += 4;
          }
        }
      }
      gradient += pixel;
    }
  }
}

/** Spreads each window's gradient evenly over its values inside the input. */
export function averagePoolGradient(batch: i32, gradient: usize, inputGradient: usize): void {
  setArgument(GRADIENT, <i32>gradient);
  setArgument(OUTPUT, <i32>inputGradient);
  parallel(averageGradientTask.index, batch);
}
