import { argument } from "../runtime/arguments";
import { scratchPointer } from "../runtime/control";
import { clear, copyFloats, multiplyAdd } from "../vector/simd";
import { LINEAR, RELU6 } from "../../src/codes/epilogue";
import {
  DILATION_HEIGHT,
  DILATION_WIDTH,
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

/**
 * Convolution of 3 x 3 filters over one channel: the first layer on grey images.
 *
 * A matrix product over 9 values would spend most of its time around its loop. Here the 9 taps of four filters, or their
 * 9 sums, stay in registers along a row of outputs.
 */

/** Whether this job's geometry is one for these loops. */
export function isThin(): bool {
  return (
    argument(IN_CHANNELS) == 1 &&
    argument(WINDOW_HEIGHT) == 3 &&
    argument(WINDOW_WIDTH) == 3 &&
    argument(STRIDE_WIDTH) == 1 &&
    argument(DILATION_HEIGHT) == 1 &&
    argument(DILATION_WIDTH) == 1 &&
    (argument(OUT_CHANNELS) & 3) == 0
  );
}

/** Bytes of an input row with its padding, as far as a row of outputs and one more reads it. */
@inline
export function lineBytes(): usize {
  return (<usize>(argument(OUT_WIDTH) + 3)) << 2;
}

/** Copies `count` input rows from the first of a row of outputs on, padding and all, to the thread's working memory. */
@inline
export function copyLines(image: usize, row: i32, count: i32): void {
  const inWidth = argument(IN_WIDTH);
  const left = argument(PAD_LEFT);
  const width = <i32>(lineBytes() >> 2);
  const copied = max(0, min(inWidth, width - left));
  let line = scratchPointer();
  const first = row * argument(STRIDE_HEIGHT) - argument(PAD_TOP);
  for (let y = first; y < first + count; y++) {
    if (<u32>y < <u32>argument(IN_HEIGHT)) {
      clear(line, left);
      copyFloats(line + ((<usize>left) << 2), image + ((<usize>(y * inWidth)) << 2), copied);
      clear(line + ((<usize>(left + copied)) << 2), width - left - copied);
    } else clear(line, width);
    line += lineBytes();
  }
}

/** Outputs of `count` consecutive positions from `first` on. */
export function thinForward(
  first: i32,
  count: i32,
  input: usize,
  filter: usize,
  output: usize,
  bias: usize,
  activation: i32,
): void {
  const outWidth = argument(OUT_WIDTH);
  const outHeight = argument(OUT_HEIGHT);
  const imageBytes = (<usize>(argument(IN_HEIGHT) * argument(IN_WIDTH))) << 2;
  const pixelBytes = (<usize>argument(OUT_CHANNELS)) << 2;
  const line1 = lineBytes();
  const line2 = line1 * 2;
  const floor = f32x4.splat(activation == LINEAR ? -Infinity : 0);
  const ceiling = f32x4.splat(activation == RELU6 ? 6 : Infinity);
  const end = first + count;
  while (first < end) {
    const row = first / outWidth;
    const x = first % outWidth;
    const length = min(outWidth - x, end - first);
    copyLines(input + <usize>(row / outHeight) * imageBytes, row % outHeight, 3);
    const from = scratchPointer() + ((<usize>x) << 2);
    const to = output + <usize>first * pixelBytes;
    for (let channel: usize = 0; channel < pixelBytes; channel += 16) {
      const taps = filter + channel;
      const w0 = v128.load(taps);
      const w1 = v128.load(taps + pixelBytes);
      const w2 = v128.load(taps + pixelBytes * 2);
      const w3 = v128.load(taps + pixelBytes * 3);
      const w4 = v128.load(taps + pixelBytes * 4);
      const w5 = v128.load(taps + pixelBytes * 5);
      const w6 = v128.load(taps + pixelBytes * 6);
      const w7 = v128.load(taps + pixelBytes * 7);
      const w8 = v128.load(taps + pixelBytes * 8);
      const start = bias == 0 ? f32x4.splat(0) : v128.load(bias + channel);
      let at = from;
      let target = to + channel;
      const last = at + ((<usize>length) << 2);
      // Two neighbours share two of three columns. An odd last one is computed with a neighbour that is not written.
      for (; at < last; at += 8) {
        const x1 = v128.load_splat<f32>(at, 4);
        const x2 = v128.load_splat<f32>(at, 8);
        let left = multiplyAdd(v128.load_splat<f32>(at), w0, start);
        let right = multiplyAdd(x1, w0, start);
        left = multiplyAdd(x1, w1, left);
        right = multiplyAdd(x2, w1, right);
        left = multiplyAdd(x2, w2, left);
        right = multiplyAdd(v128.load_splat<f32>(at, 12), w2, right);
        const y1 = v128.load_splat<f32>(at + line1, 4);
        const y2 = v128.load_splat<f32>(at + line1, 8);
        left = multiplyAdd(v128.load_splat<f32>(at + line1), w3, left);
        right = multiplyAdd(y1, w3, right);
        left = multiplyAdd(y1, w4, left);
        right = multiplyAdd(y2, w4, right);
        left = multiplyAdd(y2, w5, left);
        right = multiplyAdd(v128.load_splat<f32>(at + line1, 12), w5, right);
        const z1 = v128.load_splat<f32>(at + line2, 4);
        const z2 = v128.load_splat<f32>(at + line2, 8);
        left = multiplyAdd(v128.load_splat<f32>(at + line2), w6, left);
        right = multiplyAdd(z1, w6, right);
        left = multiplyAdd(z1, w7, left);
        right = multiplyAdd(z2, w7, right);
        left = multiplyAdd(z2, w8, left);
        right = multiplyAdd(v128.load_splat<f32>(at + line2, 12), w8, right);
        v128.store(target, f32x4.pmin(f32x4.pmax(left, floor), ceiling));
        if (at + 4 < last) v128.store(target + pixelBytes, f32x4.pmin(f32x4.pmax(right, floor), ceiling));
        target += pixelBytes << 1;
      }
    }
    first += length;
  }
}

/**
 * Adds the filter gradient of `count` consecutive positions from `first` on to `sums`: 9 rows of outChannels, then the bias
 * gradient.
 *
 * @param mask output of the ReLU or ReLU6 that followed, or 0
 */
export function thinFilterGradient(
  first: i32,
  count: i32,
  input: usize,
  gradient: usize,
  mask: usize,
  activation: i32,
  sums: usize,
): void {
  const outWidth = argument(OUT_WIDTH);
  const outHeight = argument(OUT_HEIGHT);
  const imageBytes = (<usize>(argument(IN_HEIGHT) * argument(IN_WIDTH))) << 2;
  const pixelBytes = (<usize>argument(OUT_CHANNELS)) << 2;
  const line1 = lineBytes();
  const line2 = line1 * 2;
  const end = first + count;
  while (first < end) {
    const row = first / outWidth;
    const x = first % outWidth;
    const length = min(outWidth - x, end - first);
    copyLines(input + <usize>(row / outHeight) * imageBytes, row % outHeight, 3);
    const from = scratchPointer() + ((<usize>x) << 2);
    const offset = <usize>first * pixelBytes;
    for (let channel: usize = 0; channel < pixelBytes; channel += 16) {
      const sum = sums + channel;
      let s0 = v128.load(sum);
      let s1 = v128.load(sum + pixelBytes);
      let s2 = v128.load(sum + pixelBytes * 2);
      let s3 = v128.load(sum + pixelBytes * 3);
      let s4 = v128.load(sum + pixelBytes * 4);
      let s5 = v128.load(sum + pixelBytes * 5);
      let s6 = v128.load(sum + pixelBytes * 6);
      let s7 = v128.load(sum + pixelBytes * 7);
      let s8 = v128.load(sum + pixelBytes * 8);
      let s9 = v128.load(sum + pixelBytes * 9);
      let at = from;
      let slope = gradient + offset + channel;
      let y = mask + offset + channel;
      const last = at + ((<usize>length) << 2);
      for (; at < last; at += 8) {
        let left = v128.load(slope);
        let right = at + 4 < last ? v128.load(slope + pixelBytes) : f32x4.splat(0);
        if (mask != 0) {
          left = v128.and(left, f32x4.gt(v128.load(y), f32x4.splat(0)));
          right = v128.and(right, f32x4.gt(v128.load(y + pixelBytes), f32x4.splat(0)));
          if (activation == RELU6) {
            left = v128.and(left, f32x4.lt(v128.load(y), f32x4.splat(6)));
            right = v128.and(right, f32x4.lt(v128.load(y + pixelBytes), f32x4.splat(6)));
          }
        }
        s9 = f32x4.add(f32x4.add(s9, left), right);
        const x1 = v128.load_splat<f32>(at, 4);
        const x2 = v128.load_splat<f32>(at, 8);
        s0 = multiplyAdd(x1, right, multiplyAdd(v128.load_splat<f32>(at), left, s0));
        s1 = multiplyAdd(x2, right, multiplyAdd(x1, left, s1));
        s2 = multiplyAdd(v128.load_splat<f32>(at, 12), right, multiplyAdd(x2, left, s2));
        const y1 = v128.load_splat<f32>(at + line1, 4);
        const y2 = v128.load_splat<f32>(at + line1, 8);
        s3 = multiplyAdd(y1, right, multiplyAdd(v128.load_splat<f32>(at + line1), left, s3));
        s4 = multiplyAdd(y2, right, multiplyAdd(y1, left, s4));
        s5 = multiplyAdd(v128.load_splat<f32>(at + line1, 12), right, multiplyAdd(y2, left, s5));
        const z1 = v128.load_splat<f32>(at + line2, 4);
        const z2 = v128.load_splat<f32>(at + line2, 8);
        s6 = multiplyAdd(z1, right, multiplyAdd(v128.load_splat<f32>(at + line2), left, s6));
        s7 = multiplyAdd(z2, right, multiplyAdd(z1, left, s7));
        s8 = multiplyAdd(v128.load_splat<f32>(at + line2, 12), right, multiplyAdd(z2, left, s8));
        slope += pixelBytes << 1;
        y += pixelBytes << 1;
      }
      v128.store(sum, s0);
      v128.store(sum + pixelBytes, s1);
      v128.store(sum + pixelBytes * 2, s2);
      v128.store(sum + pixelBytes * 3, s3);
      v128.store(sum + pixelBytes * 4, s4);
      v128.store(sum + pixelBytes * 5, s5);
      v128.store(sum + pixelBytes * 6, s6);
      v128.store(sum + pixelBytes * 7, s7);
      v128.store(sum + pixelBytes * 8, s8);
      v128.store(sum + pixelBytes * 9, s9);
    }
    first += length;
  }
}
