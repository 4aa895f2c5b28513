import { LINEAR, RELU6 } from "../../src/codes/epilogue";
import { chosenOfFour, largestOfFour } from "../pooling/choices";
import { argument, setArgument } from "../runtime/arguments";
import { launch, scratchPointer } from "../runtime/control";
import { FREE, OUT_CHANNELS, OUT_HEIGHT, OUT_WIDTH } from "../runtime/window";
import { storeBytes } from "../vector/bytes";
import { multiplyAdd } from "../vector/simd";
import { ACTIVATION, BATCH, BIAS, FILTER, INPUT, OUTPUT } from "./convolution-job";
import { lineBytes } from "./thin-convolution";
import { CHOICES, copyRows, pooledRows } from "./thin-pooling-job";

/** The forward pass of `thin-pooling-job.ts`. */

const ROWS_PER_TASK: usize = FREE + 16;

/** Outputs before pooling that a task should have at least. */
const TASK: i32 = 1024;

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
