import { argument, setArgument } from "../runtime/arguments";
import { launch } from "../runtime/control";
import { exponential } from "../vector/math";
import { sumLanes } from "../vector/simd";
import { MAXIMUM, MEAN, MINIMUM, SUM } from "../../src/codes/reduction";

const INPUT: usize = 0;
const OUTPUT: usize = 1;
const OPERATION: usize = 2;
const OUTER: usize = 3;
const LENGTH: usize = 4;
const INNER: usize = 5;
const OUTER_PER_TASK: usize = 6;

const TASK: i32 = 16384;
/** Rows of columns that are joined before they join the rest. */
const BLOCK: i32 = 256;

@inline
function join(operation: i32, a: v128, b: v128): v128 {
  if (operation == MAXIMUM) return f32x4.max(a, b);
  if (operation == MINIMUM) return f32x4.min(a, b);
  return f32x4.add(a, b);
}

@inline
function joinOne(operation: i32, a: f32, b: f32): f32 {
  if (operation == MAXIMUM) return max<f32>(a, b);
  if (operation == MINIMUM) return min<f32>(a, b);
  return a + b;
}

@inline
function start(operation: i32): f32 {
  if (operation == MAXIMUM) return -Infinity;
  if (operation == MINIMUM) return Infinity;
  return 0;
}

/** Reduces one contiguous row, in blocks whose partial results keep the rounding error of long sums small. */
@inline
function reduceRow(operation: i32, input: usize, length: i32): f32 {
  let total = start(operation);
  let index = 0;
  while (index + 16 <= length) {
    let a = f32x4.splat(start(operation));
    let b = a;
    let c = a;
    let d = a;
    const end = min(index + 4096, length & ~15);
    for (; index < end; index += 16) {
      a = join(operation, a, v128.load(input));
      b = join(operation, b, v128.load(input, 16));
      c = join(operation, c, v128.load(input, 32));
      d = join(operation, d, v128.load(input, 48));
      input += 64;
    }
    a = join(operation, join(operation, a, b), join(operation, c, d));
    const low = joinOne(operation, f32x4.extract_lane(a, 0), f32x4.extract_lane(a, 1));
    const high = joinOne(operation, f32x4.extract_lane(a, 2), f32x4.extract_lane(a, 3));
    total = joinOne(operation, total, joinOne(operation, low, high));
  }
  for (; index < length; index++) {
    total = joinOne(operation, total, load<f32>(input));
    input += 4;
  }
  return total;
}

/** Reduces columns, in blocks of rows whose partial results keep the rounding error of long sums small. */
@inline
function reduceColumns(operation: i32, input: usize, output: usize, length: i32, inner: i32, scale: f32): void {
  const rowBytes = (<usize>inner) << 2;
  let column = 0;
  for (; column + 4 <= inner; column += 4) {
    let total = f32x4.splat(start(operation));
    let at = input + ((<usize>column) << 2);
    for (let row = 0; row < length;) {
      const end = min(row + BLOCK, length);
      let part = f32x4.splat(start(operation));
      for (; row < end; row++) {
        part = join(operation, part, v128.load(at));
        at += rowBytes;
      }
      total = join(operation, total, part);
    }
    if (operation == MEAN) total = f32x4.mul(total, f32x4.splat(scale));
    v128.store(output + ((<usize>column) << 2), total);
  }
  for (; column < inner; column++) {
    let total = start(operation);
    let at = input + ((<usize>column) << 2);
    for (let row = 0; row < length;) {
      const end = min(row + BLOCK, length);
      let part = start(operation);
      for (; row < end; row++) {
        part = joinOne(operation, part, load<f32>(at));
        at += rowBytes;
      }
      total = joinOne(operation, total, part);
    }
    store<f32>(output + ((<usize>column) << 2), operation == MEAN ? total * scale : total);
  }
}

@inline
function reduceBlock(operation: i32, first: i32, end: i32): void {
  const length = argument(LENGTH);
  const inner = argument(INNER);
  const scale = <f32>1 / <f32>length;
  for (let outer = first; outer < end; outer++) {
    const input = <usize>argument(INPUT) + ((<usize>outer * <usize>(length * inner)) << 2);
    const output = <usize>argument(OUTPUT) + ((<usize>outer * <usize>inner) << 2);
    if (inner == 1) {
      const total = reduceRow(operation, input, length);
      store<f32>(output, operation == MEAN ? total * scale : total);
    } else reduceColumns(operation, input, output, length, inner, scale);
  }
}

function reduceTask(task: i32): void {
  const first = task * argument(OUTER_PER_TASK);
  const end = min(first + argument(OUTER_PER_TASK), argument(OUTER));
  switch (argument(OPERATION)) {
    case SUM:
      reduceBlock(SUM, first, end);
      break;
    case MEAN:
      reduceBlock(MEAN, first, end);
      break;
    case MAXIMUM:
      reduceBlock(MAXIMUM, first, end);
      break;
    case MINIMUM:
      reduceBlock(MINIMUM, first, end);
      break;
  }
}

/** `output[o, i] = reduction over l of input[o, l, i]`. */
export function reduce(operation: i32, input: usize, output: usize, outer: i32, length: i32, inner: i32): void {
  setArgument(INPUT, <i32>input);
  setArgument(OUTPUT, <i32>output);
  setArgument(OPERATION, operation);
  setArgument(OUTER, outer);
  setArgument(LENGTH, length);
  setArgument(INNER, inner);
  const perTask = max(1, TASK / max(1, length * inner));
  setArgument(OUTER_PER_TASK, perTask);
  launch(reduceTask.index, (outer + perTask - 1) / perTask);
}

function softmaxTask(task: i32): void {
  const length = argument(LENGTH);
  const first = task * argument(OUTER_PER_TASK);
  const end = min(first + argument(OUTER_PER_TASK), argument(OUTER));
  const rowBytes = (<usize>length) << 2;
  for (let row = first; row < end; row++) {
    const input = <usize>argument(INPUT) + <usize>row * rowBytes;
    const output = <usize>argument(OUTPUT) + <usize>row * rowBytes;
    const shift = f32x4.splat(reduceRow(MAXIMUM, input, length));
    let sums = f32x4.splat(0);
    let at: usize = 0;
    for (; at + 16 <= rowBytes; at += 16) {
      const e = exponential(f32x4.sub(v128.load(input + at), shift));
      v128.store(output + at, e);
      sums = f32x4.add(sums, e);
    }
    let total = sumLanes(sums);
    for (; at < rowBytes; at += 4) {
      const e = f32x4.extract_lane(exponential(f32x4.sub(v128.load_splat<f32>(input + at), shift)), 0);
      store<f32>(output + at, e);
      total += e;
    }
    for (at = 0; at < rowBytes; at += 4) store<f32>(output + at, load<f32>(output + at) / total);
  }
}

/** Softmax of each of `rows` rows. */
export function softmax(input: usize, output: usize, rows: i32, length: i32): void {
  setArgument(INPUT, <i32>input);
  setArgument(OUTPUT, <i32>output);
  setArgument(OUTER, rows);
  setArgument(LENGTH, length);
  const perTask = max(1, TASK / 8 / max(1, length));
  setArgument(OUTER_PER_TASK, perTask);
  launch(softmaxTask.index, (rows + perTask - 1) / perTask);
}
