import { letThrough } from "../pooling/choices";
import { argument, setArgument } from "../runtime/arguments";
import { launch, scratchPointer } from "../runtime/control";
import { OUT_CHANNELS, OUT_WIDTH } from "../runtime/window";
import { loadBytes } from "../vector/bytes";
import { clear, multiplyAdd } from "../vector/simd";
import { sumPartialsTask } from "./convolution-filter-gradient";
import {
  ACTIVATION,
  BATCH,
  BIAS_GRADIENT,
  CHUNKS,
  FILTER,
  INPUT,
  MASK,
  OUTPUT,
  PARTIALS,
  SUM_BLOCK,
} from "./convolution-job";
import { lineBytes } from "./thin-convolution";
import { CHOICES, copyRows, pooledRows } from "./thin-pooling-job";

/** Gradients of `thin-pooling.ts` towards filter and bias. */

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
 * Gradients towards filter and bias of `thinPooledForward`, by the gradient of the maxima.
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
