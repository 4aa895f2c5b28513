import { chosenOfFour, largestOfFour, letThrough } from "../pooling/choices";
import { argument, launch, scratchPointer, setArgument } from "../runtime/control";
import { sumPartialsTask } from "./convolution";
import {
  ACTIVATION,
  BATCH,
  BIAS,
  BIAS_GRADIENT,
  CHUNKS,
  FILTER,
  INPUT,
  MASK,
  OUTPUT,
  PARTIALS,
  SUM_BLOCK,
} from "./convolution-job";
import { clear, multiplyAdd } from "../vector/simd";
import { copyLines, lineBytes } from "./thin-convolution";
import { LINEAR, RELU6 } from "../../src/codes/epilogue";
import { loadBytes, storeBytes } from "../vector/bytes";
import { FREE, IN_HEIGHT, IN_WIDTH, OUT_CHANNELS, OUT_HEIGHT, OUT_WIDTH } from "../runtime/window";

/**
 * Convolution of 3 x 3 filters over one channel whose output goes through windows of 2 x 2; strides are 1.
 *
 * The four outputs of a window are made at once, of the 4 x 4 inputs under them, and only the largest is written. A task
 * takes whole rows of windows.
 */

/** Where the choices lie, a byte for each maximum, or 0 for a forward pass that notes none. */
const CHOICES: usize = FREE + 15;
const ROWS_PER_TASK: usize = FREE + 16;

/** Outputs before pooling that a task should have at least. */
const TASK: i32 = 1024;

@inline
function pooledRows(): i32 {
  return argument(BATCH) * (argument(OUT_HEIGHT) >> 1);
}

/** Copies the four input rows of a row of windows. */
@inline
function copyRows(row: i32): void {
  const height = argument(OUT_HEIGHT) >> 1;
  const imageBytes = (<usize>(argument(IN_HEIGHT) * argument(IN_WIDTH))) << 2;
  copyLines(<usize>argument(INPUT) + <usize>(row / height) * imageBytes, 2 * (row % height), 4);
}

function forwardTask(task: i32): void {
  const width = argument(OUT_WIDTH) >> 1;
  const pixelBytes = (<usize>argument(OUT_CHANNELS)) << 2;
  const filter = <usize>argument(FILTER);
  const bias = <usize>argument(BIAS);
  const activation = argument(ACTIVATION);
  const line1 = lineBytes();
  const line2 = line1 * 2;
  const line3 = line1 * 3;
  const floor = f32x4.splat(activation == LINEAR ? -Infinity : 0);
  const ceiling = f32x4.splat(activation == RELU6 ? 6 : Infinity);
  const end = min((task + 1) * argument(ROWS_PER_TASK), pooledRows());
  for (let row = task * argument(ROWS_PER_TASK); row < end; row++) {
    copyRows(row);
    const output = <usize>argument(OUTPUT) + <usize>(row * width) * pixelBytes;
    const noted: usize =
      argument(CHOICES) == 0 ? 0 : <usize>argument(CHOICES) + ((<usize>(row * width) * pixelBytes) >> 2);
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
      let at = scratchPointer();
      let target = output + channel;
      let choice: usize = noted == 0 ? 0 : noted + (channel >> 2);
      const last = at + ((<usize>width) << 3);
      for (; at < last; at += 8) {
        let x = v128.load_splat<f32>(at);
        let a = multiplyAdd(x, w0, start);
        x = v128.load_splat<f32>(at, 4);
        a = multiplyAdd(x, w1, a);
        let b = multiplyAdd(x, w0, start);
        x = v128.load_splat<f32>(at, 8);
        a = multiplyAdd(x, w2, a);
        b = multiplyAdd(x, w1, b);
        x = v128.load_splat<f32>(at, 12);
        b = multiplyAdd(x, w2, b);
        x = v128.load_splat<f32>(at + line1);
        a = multiplyAdd(x, w3, a);
        let c = multiplyAdd(x, w0, start);
        x = v128.load_splat<f32>(at + line1, 4);
        a = multiplyAdd(x, w4, a);
        b = multiplyAdd(x, w3, b);
        c = multiplyAdd(x, w1, c);
        let d = multiplyAdd(x, w0, start);
        x = v128.load_splat<f32>(at + line1, 8);
        a = multiplyAdd(x, w5, a);
        b = multiplyAdd(x, w4, b);
        c = multiplyAdd(x, w2, c);
        d = multiplyAdd(x, w1, d);
        x = v128.load_splat<f32>(at + line1, 12);
        b = multiplyAdd(x, w5, b);
        d = multiplyAdd(x, w2, d);
        x = v128.load_splat<f32>(at + line2);
        a = multiplyAdd(x, w6, a);
        c = multiplyAdd(x, w3, c);
        x = v128.load_splat<f32>(at + line2, 4);
        a = multiplyAdd(x, w7, a);
        b = multiplyAdd(x, w6, b);
        c = multiplyAdd(x, w4, c);
        d = multiplyAdd(x, w3, d);
        x = v128.load_splat<f32>(at + line2, 8);
        a = multiplyAdd(x, w8, a);
        b = multiplyAdd(x, w7, b);
        c = multiplyAdd(x, w5, c);
        d = multiplyAdd(x, w4, d);
        x = v128.load_splat<f32>(at + line2, 12);
        b = multiplyAdd(x, w8, b);
        d = multiplyAdd(x, w5, d);
        x = v128.load_splat<f32>(at + line3);
        c = multiplyAdd(x, w6, c);
        x = v128.load_splat<f32>(at + line3, 4);
        c = multiplyAdd(x, w7, c);
        d = multiplyAdd(x, w6, d);
        x = v128.load_splat<f32>(at + line3, 8);
        c = multiplyAdd(x, w8, c);
        d = multiplyAdd(x, w7, d);
        x = v128.load_splat<f32>(at + line3, 12);
        d = multiplyAdd(x, w8, d);
        a = f32x4.pmin(f32x4.pmax(a, floor), ceiling);
        b = f32x4.pmin(f32x4.pmax(b, floor), ceiling);
        c = f32x4.pmin(f32x4.pmax(c, floor), ceiling);
        d = f32x4.pmin(f32x4.pmax(d, floor), ceiling);
        v128.store(target, largestOfFour(a, b, c, d));
        target += pixelBytes;
        if (choice != 0) {
          storeBytes(choice, chosenOfFour(a, b, c, d));
          choice += pixelBytes >> 2;
        }
      }
    }
  }
}

/**
 * The largest of each window of 2 x 2 of `activation(conv(x, w) + bias)`; the geometry is set first, and thin.
 *
 * @param bias floats for each output channel, or 0
 * @param choices a byte for each output, or 0
 */
export function thinPooledForward(
  batch: i32,
  input: usize,
  filter: usize,
  output: usize,
  bias: usize,
  activation: i32,
  choices: usize,
): void {
  setArgument(BATCH, batch);
  setArgument(INPUT, <i32>input);
  setArgument(FILTER, <i32>filter);
  setArgument(OUTPUT, <i32>output);
  setArgument(BIAS, <i32>bias);
  setArgument(ACTIVATION, activation);
  setArgument(CHOICES, <i32>choices);
  const rows = batch * (argument(OUT_HEIGHT) >> 1);
  const perTask = max(1, TASK / (2 * argument(OUT_WIDTH)));
  setArgument(ROWS_PER_TASK, perTask);
  launch(forwardTask.index, (rows + perTask - 1) / perTask);
}

function filterGradientTask(chunk: i32): void {
  const width = argument(OUT_WIDTH) >> 1;
  const outChannels = argument(OUT_CHANNELS);
  const pixelBytes = (<usize>outChannels) << 2;
  const activation = argument(ACTIVATION);
  const line1 = lineBytes();
  const line2 = line1 * 2;
  const line3 = line1 * 3;
  const sums = <usize>argument(PARTIALS) + <usize>chunk * 10 * pixelBytes;
  clear(sums, 10 * outChannels);
  const rows = pooledRows();
  const end = <i32>((<i64>rows * (chunk + 1)) / argument(CHUNKS));
  for (let row = <i32>((<i64>rows * chunk) / argument(CHUNKS)); row < end; row++) {
    copyRows(row);
    const offset = <usize>(row * width) * pixelBytes;
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
      let at = scratchPointer();
      let gradient = <usize>argument(OUTPUT) + offset + channel;
      let pooled = <usize>argument(MASK) + offset + channel;
      let choices = <usize>argument(CHOICES) + ((offset + channel) >> 2);
      const last = at + ((<usize>width) << 3);
      for (; at < last; at += 8) {
        const slope = letThrough(v128.load(gradient), pooled, activation);
        const choice = loadBytes(choices);
        const a = v128.and(slope, i32x4.eq(choice, i32x4.splat(0)));
        const b = v128.and(slope, i32x4.eq(choice, i32x4.splat(1)));
        const c = v128.and(slope, i32x4.eq(choice, i32x4.splat(2)));
        const d = v128.and(slope, i32x4.eq(choice, i32x4.splat(3)));
        s9 = f32x4.add(s9, slope);
        let x = v128.load_splat<f32>(at);
        s0 = multiplyAdd(x, a, s0);
        x = v128.load_splat<f32>(at, 4);
        s1 = multiplyAdd(x, a, s1);
        s0 = multiplyAdd(x, b, s0);
        x = v128.load_splat<f32>(at, 8);
        s2 = multiplyAdd(x, a, s2);
        s1 = multiplyAdd(x, b, s1);
        x = v128.load_splat<f32>(at, 12);
        s2 = multiplyAdd(x, b, s2);
        x = v128.load_splat<f32>(at + line1);
        s3 = multiplyAdd(x, a, s3);
        s0 = multiplyAdd(x, c, s0);
        x = v128.load_splat<f32>(at + line1, 4);
        s4 = multiplyAdd(x, a, s4);
        s3 = multiplyAdd(x, b, s3);
        s1 = multiplyAdd(x, c, s1);
        s0 = multiplyAdd(x, d, s0);
        x = v128.load_splat<f32>(at + line1, 8);
        s5 = multiplyAdd(x, a, s5);
        s4 = multiplyAdd(x, b, s4);
        s2 = multiplyAdd(x, c, s2);
        s1 = multiplyAdd(x, d, s1);
        x = v128.load_splat<f32>(at + line1, 12);
        s5 = multiplyAdd(x, b, s5);
        s2 = multiplyAdd(x, d, s2);
        x = v128.load_splat<f32>(at + line2);
        s6 = multiplyAdd(x, a, s6);
        s3 = multiplyAdd(x, c, s3);
        x = v128.load_splat<f32>(at + line2, 4);
        s7 = multiplyAdd(x, a, s7);
        s6 = multiplyAdd(x, b, s6);
        s4 = multiplyAdd(x, c, s4);
        s3 = multiplyAdd(x, d, s3);
        x = v128.load_splat<f32>(at + line2, 8);
        s8 = multiplyAdd(x, a, s8);
        s7 = multiplyAdd(x, b, s7);
        s5 = multiplyAdd(x, c, s5);
        s4 = multiplyAdd(x, d, s4);
        x = v128.load_splat<f32>(at + line2, 12);
        s8 = multiplyAdd(x, b, s8);
        s5 = multiplyAdd(x, d, s5);
        x = v128.load_splat<f32>(at + line3);
        s6 = multiplyAdd(x, c, s6);
        x = v128.load_splat<f32>(at + line3, 4);
        s7 = multiplyAdd(x, c, s7);
        s6 = multiplyAdd(x, d, s6);
        x = v128.load_splat<f32>(at + line3, 8);
        s8 = multiplyAdd(x, c, s8);
        s7 = multiplyAdd(x, d, s7);
        x = v128.load_splat<f32>(at + line3, 12);
        s8 = multiplyAdd(x, d, s8);
        gradient += pixelBytes;
        pooled += pixelBytes;
        choices += pixelBytes >> 2;
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
  }
}

/**
 * Gradients towards filter and bias of {@link thinPooledForward}, by the gradient of the maxima.
 *
 * @param pooled the maxima, 0 where the activation is linear
 * @param partials working memory of `10 * outChannels * chunks` floats
 */
export function thinPooledFilterGradient(
  batch: i32,
  input: usize,
  outputGradient: usize,
  filterGradient: usize,
  biasGradient: usize,
  pooled: usize,
  activation: i32,
  choices: usize,
  partials: usize,
  chunks: i32,
): void {
  setArgument(BATCH, batch);
  setArgument(INPUT, <i32>input);
  setArgument(OUTPUT, <i32>outputGradient);
  setArgument(FILTER, <i32>filterGradient);
  setArgument(BIAS_GRADIENT, <i32>biasGradient);
  setArgument(MASK, <i32>pooled);
  setArgument(ACTIVATION, activation);
  setArgument(CHOICES, <i32>choices);
  setArgument(PARTIALS, <i32>partials);
  setArgument(CHUNKS, chunks);
  launch(filterGradientTask.index, chunks);
  launch(sumPartialsTask.index, (10 * argument(OUT_CHANNELS) + SUM_BLOCK - 1) / SUM_BLOCK);
}
