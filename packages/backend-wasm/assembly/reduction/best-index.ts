import { argument, setArgument } from "../runtime/arguments";
import { launch } from "../runtime/control";
import { GREATEST_FLOAT, GREATEST_INT, LEAST_FLOAT, LEAST_INT } from "../../src/codes/best-index";

const INPUT: usize = 0;
const OUTPUT: usize = 1;
const OPERATION: usize = 2;
const OUTER: usize = 3;
const LENGTH: usize = 4;
const INNER: usize = 5;
const OUTER_PER_TASK: usize = 6;

/** Elements that a task should have at least. */
const TASK: i32 = 16384;

@inline
function beats(operation: i32, a: v128, b: v128): v128 {
  if (operation == GREATEST_FLOAT) return f32x4.gt(a, b);
  if (operation == LEAST_FLOAT) return f32x4.lt(a, b);
  if (operation == GREATEST_INT) return i32x4.gt_s(a, b);
  return i32x4.lt_s(a, b);
}

@inline
function beatsOne(operation: i32, a: i32, b: i32): bool {
  if (operation == GREATEST_FLOAT) return reinterpret<f32>(a) > reinterpret<f32>(b);
  if (operation == LEAST_FLOAT) return reinterpret<f32>(a) < reinterpret<f32>(b);
  if (operation == GREATEST_INT) return a > b;
  return a < b;
}

/** Index of a row's best element: the first among equals, and the very first if that is NaN. */
@inline
function bestOfRow(operation: i32, input: usize, length: i32): i32 {
  let best = load<i32>(input);
  let bestIndex = 0;
  let index = 1;
  if (length >= 16) {
    // Every lane starts from the first element: one that is NaN is never beaten, others are passed over.
    let values = i32x4.splat(best);
    let indices = i32x4.splat(0);
    let current = i32x4(0, 1, 2, 3);
    for (index = 0; index + 4 <= length; index += 4) {
      const x = v128.load(input + ((<usize>index) << 2));
      const better = beats(operation, x, values);
      values = v128.bitselect(x, values, better);
      indices = v128.bitselect(current, indices, better);
      current = i32x4.add(current, i32x4.splat(4));
    }
    for (let lane = 0; lane < 4; lane++) {
      const value = i32x4.extract_lane(values, 0);
      const at = i32x4.extract_lane(indices, 0);
      if (beatsOne(operation, value, best) || (!beatsOne(operation, best, value) && at < bestIndex)) {
        best = value;
        bestIndex = at;
      }
      values = v128.shuffle<i32>(values, values, 1, 2, 3, 0);
      indices = v128.shuffle<i32>(indices, indices, 1, 2, 3, 0);
    }
  }
  for (; index < length; index++) {
    const value = load<i32>(input + ((<usize>index) << 2));
    if (!beatsOne(operation, value, best)) continue;
    best = value;
    bestIndex = index;
  }
  return bestIndex;
}

/** Indices along the middle axis for up to four neighbouring columns. */
@inline
function bestOfColumns(operation: i32, input: usize, step: usize, length: i32): v128 {
  let best = v128.load(input);
  let indices = i32x4.splat(0);
  for (let index = 1; index < length; index++) {
    input += step;
    const x = v128.load(input);
    const better = beats(operation, x, best);
    best = v128.bitselect(x, best, better);
    indices = v128.bitselect(i32x4.splat(index), indices, better);
  }
  return indices;
}

@inline
function bestOfBlock(operation: i32, input: usize, output: usize, length: i32, inner: i32): void {
  if (inner == 1) {
    store<i32>(output, bestOfRow(operation, input, length));
    return;
  }
  const step = (<usize>inner) << 2;
  for (let rest = inner; rest > 0; rest -= 4) {
    let indices = bestOfColumns(operation, input, step, length);
    if (rest >= 4) v128.store(output, indices);
    else {
      for (let lane = 0; lane < rest; lane++) {
        store<i32>(output + ((<usize>lane) << 2), i32x4.extract_lane(indices, 0));
        indices = v128.shuffle<i32>(indices, indices, 1, 2, 3, 0);
      }
    }
    input += 16;
    output += 16;
  }
}

function bestIndexTask(task: i32): void {
  const length = argument(LENGTH);
  const inner = argument(INNER);
  const first = task * argument(OUTER_PER_TASK);
  const end = min(first + argument(OUTER_PER_TASK), argument(OUTER));
  for (let outer = first; outer < end; outer++) {
    const input = <usize>argument(INPUT) + ((<usize>outer * <usize>(length * inner)) << 2);
    const output = <usize>argument(OUTPUT) + ((<usize>outer * <usize>inner) << 2);
    switch (argument(OPERATION)) {
      case GREATEST_FLOAT:
        bestOfBlock(GREATEST_FLOAT, input, output, length, inner);
        break;
      case LEAST_FLOAT:
        bestOfBlock(LEAST_FLOAT, input, output, length, inner);
        break;
      case GREATEST_INT:
        bestOfBlock(GREATEST_INT, input, output, length, inner);
        break;
      case LEAST_INT:
        bestOfBlock(LEAST_INT, input, output, length, inner);
        break;
    }
  }
}

/** `output[o, i]` is the l for which `input[o, l, i]` is greatest or least. */
export function bestIndex(operation: i32, input: usize, output: usize, outer: i32, length: i32, inner: i32): void {
  const perTask = max(1, TASK / (length * inner));
  setArgument(OPERATION, operation);
  setArgument(INPUT, <i32>input);
  setArgument(OUTPUT, <i32>output);
  setArgument(OUTER, outer);
  setArgument(LENGTH, length);
  setArgument(INNER, inner);
  setArgument(OUTER_PER_TASK, perTask);
  launch(bestIndexTask.index, (outer + perTask - 1) / perTask);
}
