import { argument, argumentF32, setArgument, setArgumentF32 } from "../runtime/arguments";
import { launch } from "../runtime/control";
import { clear, multiplyAdd, sumLanes } from "../vector/simd";

/**
 * Normalisation of each row by its own mean and variance, `y = (x - mean) * r * scale + offset` with
 * `r = 1 / sqrt(variance + epsilon)`, and its gradients.
 *
 * With `v = (x - mean) * r`, `g = dy * scale` and rows of n: `dx = r (g - mean(g) - v mean(g v))`, `dScale = sum(dy v)`
 * and `dOffset = sum(dy)` over the rows.
 */

const INPUT: usize = 0;
const OUTPUT: usize = 1;
const MEAN: usize = 2;
const VARIANCE: usize = 3;
const SCALE: usize = 4;
const OFFSET: usize = 5;
const ROWS: usize = 6;
const LENGTH: usize = 7;
const ROWS_PER_TASK: usize = 8;
const EPSILON: usize = 9;
const GRADIENT: usize = 10;
/** For each task, sums of `dy * v` and of `dy` over its rows. */
const PARTIALS: usize = 11;
const TASKS: usize = 12;
const SCALE_GRADIENT: usize = 13;
const OFFSET_GRADIENT: usize = 14;

/** Floats that are added up in float32 before they join a float64 sum. */
const BLOCK: i32 = 4096;
/** Columns whose partial sums one task joins. */
const COLUMNS: i32 = 512;

/** Sum over a row, in float64: a mean far from zero would cost the difference from it digits. */
@inline
function sumRow(x: usize, length: i32): f64 {
  let low = f64x2.splat(0);
  let high = low;
  let index = 0;
  for (; index + 4 <= length; index += 4) {
    const four = v128.load(x);
    low = f64x2.add(low, f64x2.promote_low_f32x4(four));
    high = f64x2.add(
      high,
      f64x2.promote_low_f32x4(i8x16.shuffle(four, four, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7)),
    );
    x += 16;
  }
  low = f64x2.add(low, high);
  let total = f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1);
  for (; index < length; index++) {
    total += <f64>load<f32>(x);
    x += 4;
  }
  return total;
}

/** Sum over a row of squares around the mean. */
@inline
function squareRow(x: usize, length: i32, mean: f32): f64 {
  const means = f32x4.splat(mean);
  let total: f64 = 0;
  let index = 0;
  while (index + 4 <= length) {
    const end = min(index + BLOCK, length & ~3);
    let four = f32x4.splat(0);
    for (; index < end; index += 4) {
      const difference = f32x4.sub(v128.load(x), means);
      four = multiplyAdd(difference, difference, four);
      x += 16;
    }
    total += <f64>sumLanes(four);
  }
  for (; index < length; index++) {
    const difference = load<f32>(x) - mean;
    total += <f64>(difference * difference);
    x += 4;
  }
  return total;
}

@inline
function inverseDeviation(variance: f32): f32 {
  return <f32>(1 / sqrt<f64>(<f64>variance + <f64>argumentF32(EPSILON)));
}

function normalizeTask(task: i32): void {
  const length = argument(LENGTH);
  const bytes = (<usize>length) << 2;
  const whole = bytes & ~15;
  const scale = <usize>argument(SCALE);
  const offset = <usize>argument(OFFSET);
  const first = task * argument(ROWS_PER_TASK);
  const end = min(first + argument(ROWS_PER_TASK), argument(ROWS));
  for (let row = first; row < end; row++) {
    const x = <usize>argument(INPUT) + <usize>row * bytes;
    const y = <usize>argument(OUTPUT) + <usize>row * bytes;
    const exact = sumRow(x, length) / <f64>length;
    const mean = <f32>exact;
    // The squares are taken around the rounded mean.
    const rounding = exact - <f64>mean;
    const spread = squareRow(x, length, mean) / <f64>length - rounding * rounding;
    const variance: f32 = spread < 0 ? 0 : <f32>spread;
    store<f32>(<usize>argument(MEAN) + ((<usize>row) << 2), mean);
    store<f32>(<usize>argument(VARIANCE) + ((<usize>row) << 2), variance);
    const inverse = inverseDeviation(variance);
    const means = f32x4.splat(mean);
    const inverses = f32x4.splat(inverse);
    let at: usize = 0;
    for (; at < whole; at += 16) {
      const normalized = f32x4.mul(f32x4.sub(v128.load(x + at), means), inverses);
      v128.store(y + at, multiplyAdd(normalized, v128.load(scale + at), v128.load(offset + at)));
    }
    for (; at < bytes; at += 4) {
      const normalized = (load<f32>(x + at) - mean) * inverse;
      store<f32>(y + at, normalized * load<f32>(scale + at) + load<f32>(offset + at));
    }
  }
}

/**
 * @param scale `[length]`
 * @param offset `[length]`
 * @param rowsPerTask of as many rows every task but the last
 */
export function layerNormalization(
  input: usize,
  scale: usize,
  offset: usize,
  epsilon: f32,
  output: usize,
  mean: usize,
  variance: usize,
  rows: i32,
  length: i32,
  rowsPerTask: i32,
): void {
  setArgument(INPUT, <i32>input);
  setArgument(SCALE, <i32>scale);
  setArgument(OFFSET, <i32>offset);
  setArgumentF32(EPSILON, epsilon);
  setArgument(OUTPUT, <i32>output);
  setArgument(MEAN, <i32>mean);
  setArgument(VARIANCE, <i32>variance);
  setArgument(ROWS, rows);
  setArgument(LENGTH, length);
  setArgument(ROWS_PER_TASK, rowsPerTask);
  launch(normalizeTask.index, (rows + rowsPerTask - 1) / rowsPerTask);
}

function gradientTask(task: i32): void {
  const length = argument(LENGTH);
  const bytes = (<usize>length) << 2;
  const whole = bytes & ~15;
  const scale = <usize>argument(SCALE);
  const products = <usize>argument(PARTIALS) + <usize>(2 * task) * bytes;
  const sums = products + bytes;
  clear(products, 2 * length);
  const first = task * argument(ROWS_PER_TASK);
  const end = min(first + argument(ROWS_PER_TASK), argument(ROWS));
  for (let row = first; row < end; row++) {
    const x = <usize>argument(INPUT) + <usize>row * bytes;
    const dy = <usize>argument(GRADIENT) + <usize>row * bytes;
    const dx = <usize>argument(OUTPUT) + <usize>row * bytes;
    const mean = load<f32>(<usize>argument(MEAN) + ((<usize>row) << 2));
    const inverse = inverseDeviation(load<f32>(<usize>argument(VARIANCE) + ((<usize>row) << 2)));
    const means = f32x4.splat(mean);
    const inverses = f32x4.splat(inverse);
    let total: f64 = 0;
    let product: f64 = 0;
    let at: usize = 0;
    while (at < whole) {
      let four = f32x4.splat(0);
      let fourProducts = four;
      for (const stop = min(at + (BLOCK << 2), whole); at < stop; at += 16) {
        const g = f32x4.mul(v128.load(dy + at), v128.load(scale + at));
        const v = f32x4.mul(f32x4.sub(v128.load(x + at), means), inverses);
        four = f32x4.add(four, g);
        fourProducts = multiplyAdd(g, v, fourProducts);
      }
      total += <f64>sumLanes(four);
      product += <f64>sumLanes(fourProducts);
    }
    for (; at < bytes; at += 4) {
      const g = load<f32>(dy + at) * load<f32>(scale + at);
      total += <f64>g;
      product += <f64>(g * ((load<f32>(x + at) - mean) * inverse));
    }
    const meanOfG = <f32>(total / <f64>length);
    const meanOfProducts = <f32>(product / <f64>length);
    const shifts = f32x4.splat(meanOfG);
    const slopes = f32x4.splat(meanOfProducts);
    for (at = 0; at < whole; at += 16) {
      const d = v128.load(dy + at);
      const v = f32x4.mul(f32x4.sub(v128.load(x + at), means), inverses);
      const straight = multiplyAdd(v, slopes, shifts);
      v128.store(dx + at, f32x4.mul(f32x4.sub(f32x4.mul(d, v128.load(scale + at)), straight), inverses));
      v128.store(products + at, multiplyAdd(d, v, v128.load(products + at)));
      v128.store(sums + at, f32x4.add(v128.load(sums + at), d));
    }
    for (; at < bytes; at += 4) {
      const d = load<f32>(dy + at);
      const v = (load<f32>(x + at) - mean) * inverse;
      store<f32>(dx + at, (d * load<f32>(scale + at) - (v * meanOfProducts + meanOfG)) * inverse);
      store<f32>(products + at, load<f32>(products + at) + d * v);
      store<f32>(sums + at, load<f32>(sums + at) + d);
    }
  }
}

/** Joins what all tasks have summed of some columns, in the tasks' order. */
function joinTask(task: i32): void {
  const length = argument(LENGTH);
  const bytes = (<usize>length) << 2;
  const tasks = argument(TASKS);
  const end = min((task + 1) * COLUMNS, length);
  for (let column = task * COLUMNS; column < end; column++) {
    let partial = <usize>argument(PARTIALS) + ((<usize>column) << 2);
    let product: f64 = 0;
    let sum: f64 = 0;
    for (let index = 0; index < tasks; index++) {
      product += <f64>load<f32>(partial);
      sum += <f64>load<f32>(partial + bytes);
      partial += 2 * bytes;
    }
    store<f32>(<usize>argument(SCALE_GRADIENT) + ((<usize>column) << 2), <f32>product);
    store<f32>(<usize>argument(OFFSET_GRADIENT) + ((<usize>column) << 2), <f32>sum);
  }
}

/** @param partials working memory for two rows for each task */
export function layerNormalizationGradient(
  input: usize,
  gradient: usize,
  mean: usize,
  variance: usize,
  scale: usize,
  epsilon: f32,
  inputGradient: usize,
  scaleGradient: usize,
  offsetGradient: usize,
  rows: i32,
  length: i32,
  rowsPerTask: i32,
  partials: usize,
): void {
  setArgument(INPUT, <i32>input);
  setArgument(GRADIENT, <i32>gradient);
  setArgument(MEAN, <i32>mean);
  setArgument(VARIANCE, <i32>variance);
  setArgument(SCALE, <i32>scale);
  setArgumentF32(EPSILON, epsilon);
  setArgument(OUTPUT, <i32>inputGradient);
  setArgument(SCALE_GRADIENT, <i32>scaleGradient);
  setArgument(OFFSET_GRADIENT, <i32>offsetGradient);
  setArgument(ROWS, rows);
  setArgument(LENGTH, length);
  setArgument(ROWS_PER_TASK, rowsPerTask);
  setArgument(PARTIALS, <i32>partials);
  const tasks = (rows + rowsPerTask - 1) / rowsPerTask;
  setArgument(TASKS, tasks);
  launch(gradientTask.index, tasks);
  launch(joinTask.index, (length + COLUMNS - 1) / COLUMNS);
}
