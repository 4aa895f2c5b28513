import { argument, setArgument } from "../runtime/arguments";
import { finish, launch } from "../runtime/control";
import { copyElements, fillElements } from "./padding";
import { loadBytes } from "../vector/bytes";

/** Kernels that choose elements, by index and by condition. */

const INPUT: usize = 0;
const INDICES: usize = 1;
const OUTPUT: usize = 2;
const SHIFT: usize = 3;
const ROWS: usize = 4;
const COUNT: usize = 5;
const OUTER: usize = 6;
const LENGTH: usize = 7;
const INNER: usize = 8;
const ROWS_PER_TASK: usize = 9;
const ON: usize = 10;
const OFF: usize = 11;
const OTHER: usize = 12;

/** Elements that a task should have at least. */
const TASK: i32 = 16384;

/** Whether any of `count` indices is not in [0, length). */
export function indexOutside(indices: usize, count: i32, length: i32): i32 {
  finish();
  let outside = i32x4.splat(0);
  for (; count >= 4; count -= 4) {
    outside = v128.or(outside, i32x4.ge_u(v128.load(indices), i32x4.splat(length)));
    indices += 16;
  }
  let found: bool = v128.any_true(outside);
  for (; count > 0; count--) {
    found = found || load<u32>(indices) >= <u32>length;
    indices += 4;
  }
  return found;
}

function gatherTask(task: i32): void {
  const shift = argument(SHIFT);
  const count = argument(COUNT);
  const outer = argument(OUTER);
  const length = argument(LENGTH);
  const inner = argument(INNER);
  const first = task * argument(ROWS_PER_TASK);
  const end = min(first + argument(ROWS_PER_TASK), argument(ROWS));
  let block = first / count;
  let index = first % count;
  let indices = <usize>argument(INDICES) + ((<usize>((block / outer) * count)) << 2);
  let output = <usize>argument(OUTPUT) + ((<usize>first * <usize>inner) << shift);
  for (let row = first; row < end; row++) {
    const chosen = block * length + load<i32>(indices + ((<usize>index) << 2));
    const source = <usize>argument(INPUT) + ((<usize>chosen * <usize>inner) << shift);
    if (inner == 1 && shift == 2) store<i32>(output, load<i32>(source));
    else copyElements(output, source, inner, shift);
    output += (<usize>inner) << shift;
    if (++index < count) continue;
    index = 0;
    block++;
    indices = <usize>argument(INDICES) + ((<usize>((block / outer) * count)) << 2);
  }
}

/**
 * `output[b, o, i, :] = input[b, o, indices[b, i], :]`, where every index is known to be in [0, length).
 *
 * @param rows batch * outer * count
 * @param inner elements that one index chooses
 */
export function gather(
  input: usize,
  indices: usize,
  output: usize,
  shift: i32,
  rows: i32,
  count: i32,
  outer: i32,
  length: i32,
  inner: i32,
): void {
  const rowsPerTask = max(1, TASK / inner);
  setArgument(INPUT, <i32>input);
  setArgument(INDICES, <i32>indices);
  setArgument(OUTPUT, <i32>output);
  setArgument(SHIFT, shift);
  setArgument(ROWS, rows);
  setArgument(COUNT, count);
  setArgument(OUTER, outer);
  setArgument(LENGTH, length);
  setArgument(INNER, inner);
  setArgument(ROWS_PER_TASK, rowsPerTask);
  launch(gatherTask.index, (rows + rowsPerTask - 1) / rowsPerTask);
}

function oneHotTask(task: i32): void {
  const depth = argument(LENGTH);
  const first = task * argument(ROWS_PER_TASK);
  const end = min(first + argument(ROWS_PER_TASK), argument(ROWS));
  let output = <usize>argument(OUTPUT) + ((<usize>first * <usize>depth) << 2);
  fillElements(output, argument(OFF), (end - first) * depth, 2);
  for (let row = first; row < end; row++) {
    const index = load<u32>(<usize>argument(INDICES) + ((<usize>row) << 2));
    if (index < <u32>depth) store<i32>(output + ((<usize>index) << 2), argument(ON));
    output += (<usize>depth) << 2;
  }
}

/** `output[row, indices[row]] = on`, all else `off`; both are the bits of 4-byte elements. */
export function oneHot(indices: usize, output: usize, rows: i32, depth: i32, on: i32, off: i32): void {
  const rowsPerTask = max(1, TASK / depth);
  setArgument(INDICES, <i32>indices);
  setArgument(OUTPUT, <i32>output);
  setArgument(ROWS, rows);
  setArgument(LENGTH, depth);
  setArgument(ON, on);
  setArgument(OFF, off);
  setArgument(ROWS_PER_TASK, rowsPerTask);
  launch(oneHotTask.index, (rows + rowsPerTask - 1) / rowsPerTask);
}

/** The last vectors may be read and written whole: blocks are larger than the tensors in them. */
function selectTask(task: i32): void {
  const shift = argument(SHIFT);
  const first = <usize>(task * TASK);
  let count = min(TASK, argument(COUNT) - <i32>first);
  let condition = <usize>argument(INPUT) + first;
  let chosen = <usize>argument(INDICES) + (first << shift);
  let other = <usize>argument(OTHER) + (first << shift);
  let output = <usize>argument(OUTPUT) + (first << shift);
  const step = 16 >> shift;
  for (; count > 0; count -= step) {
    const mask =
      shift == 0 ? i8x16.eq(v128.load(condition), i8x16.splat(1)) : i32x4.eq(loadBytes(condition), i32x4.splat(1));
    v128.store(output, v128.bitselect(v128.load(chosen), v128.load(other), mask));
    condition += step;
    chosen += 16;
    other += 16;
    output += 16;
  }
}

/** `output = condition ? chosen : other`, element by element; a condition is a byte, fulfilled when 1. */
export function select(condition: usize, chosen: usize, other: usize, output: usize, count: i32, shift: i32): void {
  setArgument(INPUT, <i32>condition);
  setArgument(INDICES, <i32>chosen);
  setArgument(OTHER, <i32>other);
  setArgument(OUTPUT, <i32>output);
  setArgument(COUNT, count);
  setArgument(SHIFT, shift);
  launch(selectTask.index, (count + TASK - 1) / TASK);
}
