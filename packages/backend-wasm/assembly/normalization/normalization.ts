import { argument, argumentF64, setArgument, setArgumentF64 } from "../runtime/arguments";
import { launch } from "../runtime/control";
import { multiplyAdd } from "../vector/simd";

/** `y = (x - mean) * factor + offset`, the parameters repeating over x with a period. */

const INPUT: usize = 0;
const OUTPUT: usize = 1;
const COUNT: usize = 2;
const PARAMETERS: usize = 3;
const LENGTH: usize = 4;
const LENGTHS_PER_TASK: usize = 5;
const MEAN: usize = 6;
const VARIANCE: usize = 7;
const SCALE: usize = 8;
const OFFSET: usize = 9;
const PERIOD: usize = 10;
/** Two words. */
const EPSILON: usize = 11;

/** Elements that a task should have at least. */
const TASK: i32 = 16384;

/** `y[i] = (x[i] - mean[i]) * factor[i] + offset[i]`; the last vector is written by element. */
@inline
function normalizeRow(x: usize, y: usize, mean: usize, factor: usize, offset: usize, count: i32): void {
  const end = y + ((<usize>(count & ~3)) << 2);
  while (y < end) {
    v128.store(y, multiplyAdd(f32x4.sub(v128.load(x), v128.load(mean)), v128.load(factor), v128.load(offset)));
    x += 16;
    y += 16;
    mean += 16;
    factor += 16;
    offset += 16;
  }
  for (let rest = count & 3; rest > 0; rest--) {
    store<f32>(y, (load<f32>(x) - load<f32>(mean)) * load<f32>(factor) + load<f32>(offset));
    x += 4;
    y += 4;
    mean += 4;
    factor += 4;
    offset += 4;
  }
}

function parametersTask(_: i32): void {
  const length = argument(LENGTH);
  const bytes = (<usize>length) << 2;
  const scale = <usize>argument(SCALE);
  const offset = <usize>argument(OFFSET);
  for (let index = 0; index < length; index++) {
    const at = (<usize>(index % argument(PERIOD))) << 2;
    const target = <usize>argument(PARAMETERS) + ((<usize>index) << 2);
    const factor = 1 / sqrt<f64>(<f64>load<f32>(<usize>argument(VARIANCE) + at) + argumentF64(EPSILON));
    store<f32>(target, load<f32>(<usize>argument(MEAN) + at));
    store<f32>(target + bytes, <f32>(scale == 0 ? factor : factor * <f64>load<f32>(scale + at)));
    store<f32>(target + 2 * bytes, offset == 0 ? 0 : load<f32>(offset + at));
  }
}

function normalizeTask(task: i32): void {
  const length = argument(LENGTH);
  const bytes = (<usize>length) << 2;
  const parameters = <usize>argument(PARAMETERS);
  const first = task * argument(LENGTHS_PER_TASK) * length;
  const end = min(first + argument(LENGTHS_PER_TASK) * length, argument(COUNT));
  for (let at = first; at < end; at += length) {
    normalizeRow(
      <usize>argument(INPUT) + ((<usize>at) << 2),
      <usize>argument(OUTPUT) + ((<usize>at) << 2),
      parameters,
      parameters + bytes,
      parameters + 2 * bytes,
      min(length, end - at),
    );
  }
}

/**
 * `y = (x - mean) / sqrt(variance + epsilon) * scale + offset` over `count` values.
 *
 * @param period length of the parameters, of which value `i` uses element `i % period`
 * @param scale 0 for ones; likewise `offset`, 0 for zeros
 * @param parameters working memory for three times `length` floats
 * @param length multiple of the period, long enough for vectors
 */
export function normalize(
  input: usize,
  output: usize,
  count: i32,
  mean: usize,
  variance: usize,
  scale: usize,
  offset: usize,
  epsilon: f64,
  period: i32,
  parameters: usize,
  length: i32,
): void {
  setArgument(INPUT, <i32>input);
  setArgument(OUTPUT, <i32>output);
  setArgument(COUNT, count);
  setArgument(PARAMETERS, <i32>parameters);
  setArgument(LENGTH, length);
  setArgument(MEAN, <i32>mean);
  setArgument(VARIANCE, <i32>variance);
  setArgument(SCALE, <i32>scale);
  setArgument(OFFSET, <i32>offset);
  setArgument(PERIOD, period);
  setArgumentF64(EPSILON, epsilon);
  launch(parametersTask.index, 1);
  const together = max(1, TASK / length);
  setArgument(LENGTHS_PER_TASK, together);
  launch(normalizeTask.index, (count + together * length - 1) / (together * length));
}
