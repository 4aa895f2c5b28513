import { LINEAR, RELU6 } from "../../src/codes/epilogue";
import { argument } from "../runtime/arguments";
import { multiplyAdd, storeUntil } from "../vector/simd";
import { ACTIVATION, BIAS } from "./depthwise-job";

/** Sums over the taps of output pixels: a list of addresses of values and of weights, or a kernel three wide. */

@inline
function bias(offset: usize): v128 {
  const address = <usize>argument(BIAS);
  return address == 0 ? f32x4.splat(0) : v128.load(address + offset);
}

@inline
function activate(y: v128): v128 {
  const activation = argument(ACTIVATION);
  if (activation == LINEAR) return y;
  const positive = f32x4.max(y, f32x4.splat(0));
  return activation == RELU6 ? f32x4.min(positive, f32x4.splat(6)) : positive;
}

@inline
export function addTap(list: usize, values: usize, weights: usize): usize {
  store<usize>(list, values);
  store<usize>(list, weights, 4);
  return list + 8;
}

/** One pixel: values and weights have the same channels. */
export function sumTaps(list: usize, listEnd: usize, output: usize, pixel: usize): void {
  const end = output + pixel;
  for (let at: usize = 0; at < pixel; at += 16) {
    let sum = bias(at);
    for (let tap = list; tap < listEnd; tap += 8) {
      sum = multiplyAdd(v128.load(load<usize>(tap) + at), v128.load(load<usize>(tap, 4) + at), sum);
    }
    storeUntil(output + at, activate(sum), end);
  }
}

@inline
function storeFour(output: usize, at: usize, pixel: usize, a: v128, b: v128, c: v128, d: v128): void {
  storeUntil(output + at, activate(a), output + pixel);
  storeUntil(output + pixel + at, activate(b), output + 2 * pixel);
  storeUntil(output + 2 * pixel + at, activate(c), output + 3 * pixel);
  storeUntil(output + 3 * pixel + at, activate(d), output + 4 * pixel);
}

/** Four pixels whose values lie `step` bytes apart. */
export function sumTapsOfFour(list: usize, listEnd: usize, step: usize, output: usize, pixel: usize): void {
  for (let at: usize = 0; at < pixel; at += 16) {
    let a = bias(at);
    let b = a;
    let c = a;
    let d = a;
    for (let tap = list; tap < listEnd; tap += 8) {
      const values = load<usize>(tap) + at;
      const weights = v128.load(load<usize>(tap, 4) + at);
      a = multiplyAdd(v128.load(values), weights, a);
      b = multiplyAdd(v128.load(values + step), weights, b);
      c = multiplyAdd(v128.load(values + 2 * step), weights, c);
      d = multiplyAdd(v128.load(values + 3 * step), weights, d);
    }
    storeFour(output, at, pixel, a, b, c, d);
  }
}

/** Four neighbouring pixels under a kernel three wide: each value is read once for the three taps that see it. */
export function sumFourOfThree(
  values: usize,
  rowStep: usize,
  filter: usize,
  rows: i32,
  output: usize,
  pixel: usize,
): void {
  for (let at: usize = 0; at < pixel; at += 16) {
    let a = bias(at);
    let b = a;
    let c = a;
    let d = a;
    let x = values + at;
    let w = filter + at;
    for (let row = 0; row < rows; row++) {
      const w0 = v128.load(w);
      const w1 = v128.load(w + pixel);
      const w2 = v128.load(w + 2 * pixel);
      const x1 = v128.load(x + pixel);
      const x2 = v128.load(x + 2 * pixel);
      const x3 = v128.load(x + 3 * pixel);
      const x4 = v128.load(x + 4 * pixel);
      a = multiplyAdd(v128.load(x), w0, a);
      b = multiplyAdd(x1, w0, b);
      c = multiplyAdd(x2, w0, c);
      d = multiplyAdd(x3, w0, d);
      a = multiplyAdd(x1, w1, a);
      b = multiplyAdd(x2, w1, b);
      c = multiplyAdd(x3, w1, c);
      d = multiplyAdd(x4, w1, d);
      a = multiplyAdd(x2, w2, a);
      b = multiplyAdd(x3, w2, b);
      c = multiplyAdd(x4, w2, c);
      d = multiplyAdd(v128.load(x + 5 * pixel), w2, d);
      x += rowStep;
      w += 3 * pixel;
    }
    storeFour(output, at, pixel, a, b, c, d);
  }
}
