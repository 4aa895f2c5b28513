import { argument, launch, scratchPointer, setArgument } from "../runtime/control";
import { copyFloats, multiplyAdd } from "../vector/simd";
import { LINEAR, RELU6 } from "../../src/codes/epilogue";
import {
  CHANNELS,
  DILATION_HEIGHT,
  DILATION_WIDTH,
  FREE,
  IN_HEIGHT,
  IN_WIDTH,
  OUT_HEIGHT,
  OUT_WIDTH,
  PAD_LEFT,
  PAD_TOP,
  STRIDE_HEIGHT,
  STRIDE_WIDTH,
  WINDOW_HEIGHT,
  WINDOW_WIDTH,
  endTap,
  firstTap,
} from "../runtime/window";

/**
 * Depthwise convolution over NHWC data: `y[c] = sum over taps of x[c] * w[c]`, with filters `[height, width, channels]`.
 *
 * There is nothing to share between channels, so all passes run along them, in vectors; an output pixel is a list of
 * taps (an address of values, an address of weights), summed while the result is in a register. Where a channel has
 * several filters, its values are repeated first ({@link repeatValues}), and their gradients added ({@link sumGroups}).
 */

export const INPUT: usize = FREE;
export const FILTER: usize = FREE + 1;
export const OUTPUT: usize = FREE + 2;
const BIAS: usize = FREE + 3;
const ACTIVATION: usize = FREE + 4;
export const ROWS: usize = FREE + 5;
const ROWS_PER_TASK: usize = FREE + 6;
const TURNED: usize = FREE + 7;

/** Products that a task should have at least. */
const TASK: i32 = 65536;

/** First output column that a tap, `offset` to the right of its window's padded beginning, finds inside the input. */
@inline
export function firstColumn(offset: i32): i32 {
  return offset >= 0 ? 0 : (-offset + argument(STRIDE_WIDTH) - 1) / argument(STRIDE_WIDTH);
}

/** One past the last such column. */
@inline
export function endColumn(offset: i32): i32 {
  const room = argument(IN_WIDTH) - offset;
  return room <= 0 ? 0 : min(argument(OUT_WIDTH), (room + argument(STRIDE_WIDTH) - 1) / argument(STRIDE_WIDTH));
}

/** Stores the lanes of `value` that lie before `end`. */
@inline
export function storeUntil(address: usize, value: v128, end: usize): void {
  if (address + 16 <= end) {
    v128.store(address, value);
    return;
  }
  store<f32>(address, f32x4.extract_lane(value, 0));
  if (address + 4 < end) store<f32>(address, f32x4.extract_lane(value, 1), 4);
  if (address + 8 < end) store<f32>(address, f32x4.extract_lane(value, 2), 8);
}

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
function addTap(list: usize, values: usize, weights: usize): usize {
  store<usize>(list, values);
  store<usize>(list, weights, 4);
  return list + 8;
}

/** One pixel: values and weights have the same channels. */
function sumTaps(list: usize, listEnd: usize, output: usize, pixel: usize): void {
  const end = output + pixel;
  for (let at: usize = 0; at < pixel; at += 16) {
    let sum = bias(at);
    for (let tap = list; tap < listEnd; tap += 8) {
      sum = multiplyAdd(v128.load(load<usize>(tap) + at), v128.load(load<usize>(tap, 4) + at), sum);
    }
    storeUntil(output + at, activate(sum), end);
  }
}

/** Four pixels whose values lie `step` bytes apart. */
function sumTapsOfFour(list: usize, listEnd: usize, step: usize, output: usize, pixel: usize): void {
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

@inline
function storeFour(output: usize, at: usize, pixel: usize, a: v128, b: v128, c: v128, d: v128): void {
  storeUntil(output + at, activate(a), output + pixel);
  storeUntil(output + pixel + at, activate(b), output + 2 * pixel);
  storeUntil(output + 2 * pixel + at, activate(c), output + 3 * pixel);
  storeUntil(output + 3 * pixel + at, activate(d), output + 4 * pixel);
}

/** Four neighbouring pixels under a kernel three wide: each value is read once for the three taps that see it. */
function sumFourOfThree(values: usize, rowStep: usize, filter: usize, rows: i32, output: usize, pixel: usize): void {
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

function forwardRow(row: i32): void {
  const inWidth = argument(IN_WIDTH);
  const outWidth = argument(OUT_WIDTH);
  const outHeight = argument(OUT_HEIGHT);
  const kernelWidth = argument(WINDOW_WIDTH);
  const dilationWidth = argument(DILATION_WIDTH);
  const pixel = (<usize>argument(CHANNELS)) << 2;
  const rowBytes = <usize>inWidth * pixel;
  const rowStep = <usize>argument(DILATION_HEIGHT) * rowBytes;
  const step = <usize>argument(STRIDE_WIDTH) * pixel;
  const image = <usize>argument(INPUT) + <usize>(row / outHeight) * <usize>argument(IN_HEIGHT) * rowBytes;
  const top = (row % outHeight) * argument(STRIDE_HEIGHT) - argument(PAD_TOP);
  const y0 = firstTap(top, argument(DILATION_HEIGHT));
  const y1 = endTap(top, argument(DILATION_HEIGHT), argument(WINDOW_HEIGHT), argument(IN_HEIGHT));
  const wholeBegin = firstColumn(-argument(PAD_LEFT));
  const wholeEnd = endColumn((kernelWidth - 1) * dilationWidth - argument(PAD_LEFT));
  const three = kernelWidth == 3 && dilationWidth == 1 && argument(STRIDE_WIDTH) == 1;
  const filter = <usize>argument(FILTER) + <usize>(y0 * kernelWidth) * pixel;
  const list = scratchPointer();
  let output = <usize>argument(OUTPUT) + <usize>(row * outWidth) * pixel;
  let column = 0;
  while (column < outWidth) {
    const left = column * argument(STRIDE_WIDTH) - argument(PAD_LEFT);
    const corner = image + <usize>(top * inWidth + left) * pixel + <usize>y0 * rowStep;
    const four = column >= wholeBegin && column + 4 <= wholeEnd;
    if (four && three) {
      sumFourOfThree(corner, rowStep, filter, y1 - y0, output, pixel);
    } else {
      const x0 = firstTap(left, dilationWidth);
      const x1 = endTap(left, dilationWidth, kernelWidth, inWidth);
      let listEnd = list;
      for (let y = y0; y < y1; y++) {
        const values = corner + <usize>(y - y0) * rowStep;
        const weights = filter + <usize>((y - y0) * kernelWidth) * pixel;
        for (let x = x0; x < x1; x++) {
          listEnd = addTap(listEnd, values + <usize>(x * dilationWidth) * pixel, weights + <usize>x * pixel);
        }
      }
      if (four) sumTapsOfFour(list, listEnd, step, output, pixel);
      else sumTaps(list, listEnd, output, pixel);
    }
    const columns = four ? 4 : 1;
    column += columns;
    output += <usize>columns * pixel;
  }
}

function forwardTask(task: i32): void {
  const first = task * argument(ROWS_PER_TASK);
  const end = min(first + argument(ROWS_PER_TASK), argument(ROWS));
  for (let row = first; row < end; row++) forwardRow(row);
}

/** Runs `task` over `rows` rows of `width` pixels, several at a time where they are short. */
function parallelRows(task: u32, rows: i32, width: i32): void {
  const products = width * argument(CHANNELS) * argument(WINDOW_HEIGHT) * argument(WINDOW_WIDTH);
  const perTask = max(1, TASK / max(1, products));
  setArgument(ROWS, rows);
  setArgument(ROWS_PER_TASK, perTask);
  launch(task, (rows + perTask - 1) / perTask);
}

/**
 * `y = activation(depthwise(x, w) + bias)`; the geometry is set first. Each thread's working memory holds 8 bytes for
 * every tap of the kernel.
 *
 * @param bias floats for each output channel, or 0
 */
export function depthwiseForward(
  batch: i32,
  input: usize,
  filter: usize,
  output: usize,
  bias: usize,
  activation: i32,
): void {
  setArgument(INPUT, <i32>input);
  setArgument(FILTER, <i32>filter);
  setArgument(OUTPUT, <i32>output);
  setArgument(BIAS, <i32>bias);
  setArgument(ACTIVATION, activation);
  parallelRows(forwardTask.index, batch * argument(OUT_HEIGHT), argument(OUT_WIDTH));
}

function inputGradientRow(row: i32): void {
  const inHeight = argument(IN_HEIGHT);
  const inWidth = argument(IN_WIDTH);
  const outHeight = argument(OUT_HEIGHT);
  const outWidth = argument(OUT_WIDTH);
  const kernelWidth = argument(WINDOW_WIDTH);
  const strideHeight = argument(STRIDE_HEIGHT);
  const strideWidth = argument(STRIDE_WIDTH);
  const pixel = (<usize>argument(CHANNELS)) << 2;
  const gradient = <usize>argument(INPUT) + <usize>((row / inHeight) * outHeight * outWidth) * pixel;
  const filter = <usize>argument(FILTER);
  const list = scratchPointer();
  let output = <usize>argument(OUTPUT) + <usize>(row * inWidth) * pixel;
  for (let column = 0; column < inWidth; column++) {
    let listEnd = list;
    for (let y = 0; y < argument(WINDOW_HEIGHT); y++) {
      const down = (row % inHeight) + argument(PAD_TOP) - y * argument(DILATION_HEIGHT);
      if (down < 0 || down % strideHeight != 0 || down / strideHeight >= outHeight) continue;
      for (let x = 0; x < kernelWidth; x++) {
        const across = column + argument(PAD_LEFT) - x * argument(DILATION_WIDTH);
        if (across < 0 || across % strideWidth != 0 || across / strideWidth >= outWidth) continue;
        listEnd = addTap(
          listEnd,
          gradient + <usize>((down / strideHeight) * outWidth + across / strideWidth) * pixel,
          filter + <usize>(y * kernelWidth + x) * pixel,
        );
      }
    }
    sumTaps(list, listEnd, output, pixel);
    output += pixel;
  }
}

function inputGradientTask(task: i32): void {
  const first = task * argument(ROWS_PER_TASK);
  const end = min(first + argument(ROWS_PER_TASK), argument(ROWS));
  for (let row = first; row < end; row++) inputGradientRow(row);
}

/** The filter turned around; a task, as jobs that are still to come may write the filter. */
function turnTask(_: i32): void {
  const channels = argument(CHANNELS);
  const turned = <usize>argument(TURNED);
  const filter = <usize>argument(FILTER);
  const last = argument(WINDOW_HEIGHT) * argument(WINDOW_WIDTH) - 1;
  for (let tap = 0; tap <= last; tap++) {
    copyFloats(turned + ((<usize>(tap * channels)) << 2), filter + ((<usize>((last - tap) * channels)) << 2), channels);
  }
}

/**
 * `dx`: every input value's gradients, collected from the windows that saw it.
 *
 * With stride 1 that is the forward pass over `dy` with the filter turned around.
 *
 * @param turned working memory for as many floats as the filter has
 */
export function depthwiseInputGradient(
  batch: i32,
  outputGradient: usize,
  filter: usize,
  inputGradient: usize,
  turned: usize,
): void {
  const inHeight = argument(IN_HEIGHT);
  const inWidth = argument(IN_WIDTH);
  if (argument(STRIDE_HEIGHT) == 1 && argument(STRIDE_WIDTH) == 1) {
    setArgument(FILTER, <i32>filter);
    setArgument(TURNED, <i32>turned);
    launch(turnTask.index, 1);
    setArgument(IN_HEIGHT, argument(OUT_HEIGHT));
    setArgument(IN_WIDTH, argument(OUT_WIDTH));
    setArgument(OUT_HEIGHT, inHeight);
    setArgument(OUT_WIDTH, inWidth);
    setArgument(PAD_TOP, (argument(WINDOW_HEIGHT) - 1) * argument(DILATION_HEIGHT) - argument(PAD_TOP));
    setArgument(PAD_LEFT, (argument(WINDOW_WIDTH) - 1) * argument(DILATION_WIDTH) - argument(PAD_LEFT));
    depthwiseForward(batch, outputGradient, turned, inputGradient, 0, LINEAR);
    return;
  }
  setArgument(INPUT, <i32>outputGradient);
  setArgument(FILTER, <i32>filter);
  setArgument(OUTPUT, <i32>inputGradient);
  setArgument(BIAS, 0);
  setArgument(ACTIVATION, LINEAR);
  parallelRows(inputGradientTask.index, batch * inHeight, inWidth);
}

/** Values of one task of {@link repeatValues} and {@link sumGroups}. */
const VALUES: i32 = 8192;

const VALUE_COUNT: usize = FREE;
const REPETITIONS: usize = FREE + 1;
const SINGLE: usize = FREE + 2;
const REPEATED: usize = FREE + 3;

function repeatTask(task: i32): void {
  const repetitions = argument(REPETITIONS);
  const first = task * VALUES;
  const end = min(first + VALUES, argument(VALUE_COUNT));
  let target = <usize>argument(REPEATED) + ((<usize>(first * repetitions)) << 2);
  for (let index = first; index < end; index++) {
    const value = load<f32>(<usize>argument(SINGLE) + ((<usize>index) << 2));
    for (let repetition = 0; repetition < repetitions; repetition++) {
      store<f32>(target, value);
      target += 4;
    }
  }
}

function sumTask(task: i32): void {
  const repetitions = argument(REPETITIONS);
  const first = task * VALUES;
  const end = min(first + VALUES, argument(VALUE_COUNT));
  let source = <usize>argument(REPEATED) + ((<usize>(first * repetitions)) << 2);
  for (let index = first; index < end; index++) {
    let sum: f32 = 0;
    for (let repetition = 0; repetition < repetitions; repetition++) {
      sum += load<f32>(source);
      source += 4;
    }
    store<f32>(<usize>argument(SINGLE) + ((<usize>index) << 2), sum);
  }
}

@inline
function parallelValues(task: u32, single: usize, repeated: usize, count: i32, repetitions: i32): void {
  setArgument(SINGLE, <i32>single);
  setArgument(REPEATED, <i32>repeated);
  setArgument(VALUE_COUNT, count);
  setArgument(REPETITIONS, repetitions);
  launch(task, (count + VALUES - 1) / VALUES);
}

/** `repeated[i * repetitions + r] = single[i]`; the geometry stays as it is. */
export function repeatValues(single: usize, repeated: usize, count: i32, repetitions: i32): void {
  parallelValues(repeatTask.index, single, repeated, count, repetitions);
}

/** `single[i] = sum over r of repeated[i * repetitions + r]`. */
export function sumGroups(repeated: usize, single: usize, count: i32, repetitions: i32): void {
  parallelValues(sumTask.index, single, repeated, count, repetitions);
}
