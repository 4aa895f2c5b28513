import {
  BLOCKS,
  BLOCKS_PER_TASK,
  CHANNELS,
  FREE,
  INPUT,
  PARTIALS,
  WIDTH,
  blockRows,
  blockStart,
  blockTail,
  columnTasks,
  eachColumnTask,
  fold,
  unfold,
} from "./columns";
import { argument, setArgument } from "../runtime/arguments";
import { launch, scratchPointer } from "../runtime/control";

/**
 * Mean and variance of each channel.
 *
 * Each block takes its means first and then the squares around them; blocks are joined by Chan, Golub and LeVeque's
 * formula in float64, so that a mean far from zero costs the variance no digits.
 */

const MEAN: usize = FREE;
const VARIANCE: usize = FREE + 1;

/** Each task's count, then sums and then sums of squares for all channels, as float64. */
@inline
function partialOf(task: i32): usize {
  return <usize>argument(PARTIALS) + ((<usize>task * <usize>(1 + 2 * argument(CHANNELS))) << 3);
}

/** Sums down the columns of a block, or where `squared`, sums of squares around the means. */
@inline
function sumColumns(input: usize, rows: i32, tail: i32, means: usize, sums: usize, squared: bool): void {
  const width = argument(WIDTH);
  const rowBytes = (<usize>width) << 2;
  let column: usize = 0;
  for (; column + 64 <= rowBytes; column += 64) {
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let at = input + column;
    const meanA = squared ? v128.load(means + column) : a;
    const meanB = squared ? v128.load(means + column, 16) : a;
    const meanC = squared ? v128.load(means + column, 32) : a;
    const meanD = squared ? v128.load(means + column, 48) : a;
    for (let row = 0; row < rows; row++) {
      a = f32x4.add(a, term(v128.load(at), meanA, squared));
      b = f32x4.add(b, term(v128.load(at, 16), meanB, squared));
      c = f32x4.add(c, term(v128.load(at, 32), meanC, squared));
      d = f32x4.add(d, term(v128.load(at, 48), meanD, squared));
      at += rowBytes;
    }
    v128.store(sums + column, a);
    v128.store(sums + column, b, 16);
    v128.store(sums + column, c, 32);
    v128.store(sums + column, d, 48);
  }
  for (; column < rowBytes; column += 16) {
    let a = f32x4.splat(0);
    const meanA = squared ? v128.load(means + column) : a;
    let at = input + column;
    for (let row = 0; row < rows; row++) {
      a = f32x4.add(a, term(v128.load(at), meanA, squared));
      at += rowBytes;
    }
    v128.store(sums + column, a);
  }
  const rest = input + <usize>rows * rowBytes;
  for (let index: usize = 0; index < (<usize>tail) << 2; index += 4) {
    let value = load<f32>(rest + index);
    if (squared) {
      value -= load<f32>(means + index);
      value *= value;
    }
    store<f32>(sums + index, load<f32>(sums + index) + value);
  }
}

@inline
function term(value: v128, mean: v128, squared: bool): v128 {
  if (!squared) return value;
  const difference = f32x4.sub(value, mean);
  return f32x4.mul(difference, difference);
}

/** What joining two sets of values adds to their sums of squares. */
@inline
function between(sum: f64, count: f64, otherSum: f64, otherCount: f64): f64 {
  if (count == 0) return 0;
  const apart = otherSum / otherCount - sum / count;
  return ((apart * apart * count) / (count + otherCount)) * otherCount;
}

function momentsTask(task: i32): void {
  const channels = argument(CHANNELS);
  const width = argument(WIDTH);
  const row = scratchPointer();
  const means = row + ((<usize>width) << 2);
  const partial = partialOf(task);
  const sums = partial + 8;
  const squares = sums + ((<usize>channels) << 3);
  memory.fill(partial, 0, (<usize>(1 + 2 * channels)) << 3);
  const end = min((task + 1) * argument(BLOCKS_PER_TASK), argument(BLOCKS));
  let seen: f64 = 0;
  for (let block = task * argument(BLOCKS_PER_TASK); block < end; block++) {
    const input = <usize>argument(INPUT) + ((<usize>blockStart(block)) << 2);
    const rows = blockRows(block);
    const tail = blockTail(block);
    const count = <f64>((rows * width + tail) / channels);
    sumColumns(input, rows, tail, means, row, false);
    for (let channel = 0; channel < channels; channel++) {
      const at = (<usize>channel) << 3;
      const sum = fold(row, channel);
      const total = load<f64>(sums + at);
      const mean = <f32>(sum / count);
      // The squares are taken around the rounded mean.
      const rounding = sum / count - <f64>mean;
      unfold(means, channel, mean);
      const added = between(total, seen, sum, count) - count * rounding * rounding;
      store<f64>(squares + at, load<f64>(squares + at) + added);
      store<f64>(sums + at, total + sum);
    }
    sumColumns(input, rows, tail, means, row, true);
    for (let channel = 0; channel < channels; channel++) {
      const at = squares + ((<usize>channel) << 3);
      store<f64>(at, load<f64>(at) + fold(row, channel));
    }
    seen += count;
  }
  store<f64>(partial, seen);
}

function joinTask(_: i32): void {
  const channels = argument(CHANNELS);
  const tasks = columnTasks();
  for (let channel = 0; channel < channels; channel++) {
    let seen: f64 = 0;
    let sum: f64 = 0;
    let squares: f64 = 0;
    for (let task = 0; task < tasks; task++) {
      const partial = partialOf(task);
      const count = load<f64>(partial);
      const at = partial + 8 + ((<usize>channel) << 3);
      const other = load<f64>(at);
      squares += load<f64>(at + ((<usize>channels) << 3)) + between(sum, seen, other, count);
      sum += other;
      seen += count;
    }
    const offset = (<usize>channel) << 2;
    store<f32>(<usize>argument(MEAN) + offset, <f32>(sum / seen));
    // Rounding may leave less than nothing of values that are all equal. A NaN stays one.
    store<f32>(<usize>argument(VARIANCE) + offset, squares < 0 ? 0 : <f32>(squares / seen));
  }
}

/** Mean and biased variance of each channel of `[rows, channels]`; there is one row at least. */
export function channelMoments(input: usize, mean: usize, variance: usize): void {
  setArgument(INPUT, <i32>input);
  setArgument(MEAN, <i32>mean);
  setArgument(VARIANCE, <i32>variance);
  eachColumnTask(momentsTask.index);
  launch(joinTask.index, 1);
}
