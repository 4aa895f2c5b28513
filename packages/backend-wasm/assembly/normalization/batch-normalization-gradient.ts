import {
  BLOCKS,
  BLOCKS_PER_TASK,
  CHANNELS,
  FREE,
  INPUT,
  PARTIALS,
  TAIL,
  WIDE_ROWS,
  WIDTH,
  blockRows,
  blockStart,
  blockTail,
  columnTasks,
  eachColumnTask,
  fold,
  unfold,
} from "./columns";
import { argument, argumentF64, setArgument, setArgumentF64 } from "../runtime/arguments";
import { launch, scratchPointer } from "../runtime/control";
import { multiplyAdd } from "../vector/simd";

/**
 * Gradients of `y = (x - mean) * r * scale + offset`, `r = 1 / sqrt(variance + epsilon)`, whose mean and variance are
 * those of x itself, over the rows of each channel.
 *
 * `dOffset = sum(dy)`, `dScale = sum(dy (x - mean)) r`, and with n rows
 * `dx = scale r (dy - dOffset / n - (x - mean) r dScale / n)`.
 */

const GRADIENT: usize = FREE;
const OUTPUT: usize = FREE + 1;
/** Wide rows: the means, and the factors of `dx = a dy + b (x - mean) + c`. */
const PARAMETERS: usize = FREE + 2;
const MEAN: usize = FREE + 3;
const VARIANCE: usize = FREE + 4;
const SCALE: usize = FREE + 5;
const SCALE_GRADIENT: usize = FREE + 6;
const OFFSET_GRADIENT: usize = FREE + 7;
/** Two words. */
const EPSILON: usize = FREE + 8;

/** Each task's sums of `dy`, then those of `dy (x - mean)`, for all channels, as float64. */
@inline
function partialOf(task: i32): usize {
  return <usize>argument(PARTIALS) + ((<usize>task * <usize>(2 * argument(CHANNELS))) << 3);
}

function unfoldMeansTask(_: i32): void {
  for (let channel = 0; channel < argument(CHANNELS); channel++) {
    unfold(<usize>argument(PARAMETERS), channel, load<f32>(<usize>argument(MEAN) + ((<usize>channel) << 2)));
  }
}

function sumsTask(task: i32): void {
  const channels = argument(CHANNELS);
  const rowBytes = (<usize>argument(WIDTH)) << 2;
  const means = <usize>argument(PARAMETERS);
  const sums = scratchPointer();
  const products = sums + rowBytes;
  const partial = partialOf(task);
  memory.fill(partial, 0, (<usize>(2 * channels)) << 3);
  const end = min((task + 1) * argument(BLOCKS_PER_TASK), argument(BLOCKS));
  for (let block = task * argument(BLOCKS_PER_TASK); block < end; block++) {
    const start = (<usize>blockStart(block)) << 2;
    const input = <usize>argument(INPUT) + start;
    const gradient = <usize>argument(GRADIENT) + start;
    const rows = blockRows(block);
    let column: usize = 0;
    for (; column + 32 <= rowBytes; column += 32) {
      const meanA = v128.load(means + column);
      const meanB = v128.load(means + column, 16);
      let sumA = f32x4.splat(0);
      let sumB = sumA;
      let productA = sumA;
      let productB = sumA;
      let at = column;
      for (let row = 0; row < rows; row++) {
        const a = v128.load(gradient + at);
        const b = v128.load(gradient + at, 16);
        sumA = f32x4.add(sumA, a);
        sumB = f32x4.add(sumB, b);
        productA = multiplyAdd(a, f32x4.sub(v128.load(input + at), meanA), productA);
        productB = multiplyAdd(b, f32x4.sub(v128.load(input + at, 16), meanB), productB);
        at += rowBytes;
      }
      v128.store(sums + column, sumA);
      v128.store(sums + column, sumB, 16);
      v128.store(products + column, productA);
      v128.store(products + column, productB, 16);
    }
    for (; column < rowBytes; column += 16) {
      const mean = v128.load(means + column);
      let sum = f32x4.splat(0);
      let product = sum;
      let at = column;
      for (let row = 0; row < rows; row++) {
        const a = v128.load(gradient + at);
        sum = f32x4.add(sum, a);
        product = multiplyAdd(a, f32x4.sub(v128.load(input + at), mean), product);
        at += rowBytes;
      }
      v128.store(sums + column, sum);
      v128.store(products + column, product);
    }
    const rest = <usize>rows * rowBytes;
    for (let index: usize = 0; index < (<usize>blockTail(block)) << 2; index += 4) {
      const dy = load<f32>(gradient + rest + index);
      const difference = load<f32>(input + rest + index) - load<f32>(means + index);
      store<f32>(sums + index, load<f32>(sums + index) + dy);
      store<f32>(products + index, load<f32>(products + index) + dy * difference);
    }
    for (let channel = 0; channel < channels; channel++) {
      const at = partial + ((<usize>channel) << 3);
      const next = at + ((<usize>channels) << 3);
      store<f64>(at, load<f64>(at) + fold(sums, channel));
      store<f64>(next, load<f64>(next) + fold(products, channel));
    }
  }
}

function parametersTask(_: i32): void {
  const channels = argument(CHANNELS);
  const scale = <usize>argument(SCALE);
  const rowBytes = (<usize>argument(WIDTH)) << 2;
  const parameters = <usize>argument(PARAMETERS);
  const count = <f64>(argument(WIDE_ROWS) * (argument(WIDTH) / channels) + argument(TAIL) / channels);
  const tasks = columnTasks();
  for (let channel = 0; channel < channels; channel++) {
    let sum: f64 = 0;
    let product: f64 = 0;
    for (let task = 0; task < tasks; task++) {
      const at = partialOf(task) + ((<usize>channel) << 3);
      sum += load<f64>(at);
      product += load<f64>(at + ((<usize>channels) << 3));
    }
    const at = (<usize>channel) << 2;
    const inverse = 1 / sqrt<f64>(<f64>load<f32>(<usize>argument(VARIANCE) + at) + argumentF64(EPSILON));
    const factor = scale == 0 ? inverse : inverse * <f64>load<f32>(scale + at);
    store<f32>(<usize>argument(OFFSET_GRADIENT) + at, <f32>sum);
    store<f32>(<usize>argument(SCALE_GRADIENT) + at, <f32>(product * inverse));
    unfold(parameters + rowBytes, channel, <f32>factor);
    unfold(parameters + 2 * rowBytes, channel, <f32>((-factor * inverse * inverse * product) / count));
    unfold(parameters + 3 * rowBytes, channel, <f32>((-factor * sum) / count));
  }
}

function gradientTask(task: i32): void {
  const rowBytes = (<usize>argument(WIDTH)) << 2;
  const means = <usize>argument(PARAMETERS);
  const a = means + rowBytes;
  const b = a + rowBytes;
  const c = b + rowBytes;
  const end = min((task + 1) * argument(BLOCKS_PER_TASK), argument(BLOCKS));
  for (let block = task * argument(BLOCKS_PER_TASK); block < end; block++) {
    const start = (<usize>blockStart(block)) << 2;
    let input = <usize>argument(INPUT) + start;
    let gradient = <usize>argument(GRADIENT) + start;
    let output = <usize>argument(OUTPUT) + start;
    const rows = blockRows(block);
    for (let row = 0; row < rows; row++) {
      for (let at: usize = 0; at < rowBytes; at += 16) {
        const difference = f32x4.sub(v128.load(input + at), v128.load(means + at));
        const straight = multiplyAdd(v128.load(b + at), difference, v128.load(c + at));
        v128.store(output + at, multiplyAdd(v128.load(a + at), v128.load(gradient + at), straight));
      }
      input += rowBytes;
      gradient += rowBytes;
      output += rowBytes;
    }
    for (let at: usize = 0; at < (<usize>blockTail(block)) << 2; at += 4) {
      const difference = load<f32>(input + at) - load<f32>(means + at);
      const straight = load<f32>(b + at) * difference + load<f32>(c + at);
      store<f32>(output + at, load<f32>(a + at) * load<f32>(gradient + at) + straight);
    }
  }
}

/**
 * @param scale 0 for none
 * @param parameters working memory for four wide rows
 */
export function batchNormalizationGradient(
  input: usize,
  gradient: usize,
  mean: usize,
  variance: usize,
  scale: usize,
  epsilon: f64,
  inputGradient: usize,
  scaleGradient: usize,
  offsetGradient: usize,
  parameters: usize,
): void {
  setArgument(INPUT, <i32>input);
  setArgument(GRADIENT, <i32>gradient);
  setArgument(OUTPUT, <i32>inputGradient);
  setArgument(PARAMETERS, <i32>parameters);
  setArgument(MEAN, <i32>mean);
  setArgument(VARIANCE, <i32>variance);
  setArgument(SCALE, <i32>scale);
  setArgument(SCALE_GRADIENT, <i32>scaleGradient);
  setArgument(OFFSET_GRADIENT, <i32>offsetGradient);
  setArgumentF64(EPSILON, epsilon);
  launch(unfoldMeansTask.index, 1);
  eachColumnTask(sumsTask.index);
  launch(parametersTask.index, 1);
  eachColumnTask(gradientTask.index);
}
