import { argument, setArgument } from "../runtime/arguments";
import { launch } from "../runtime/control";
import { copyFloats } from "../vector/simd";
import { walkFirst, walkLength, walkSecond } from "../runtime/walk";

/** Kernels that fill tensors of 4-byte (`shift` 2) or 1-byte (`shift` 0) elements with a constant, or surround them. */

const INPUT: usize = 0;
const OUTPUT: usize = 1;
const SHIFT: usize = 2;
const RANK: usize = 3;
const ROWS: usize = 4;
const COLUMNS: usize = 5;
const BEFORE: usize = 6;
const KEPT: usize = 7;
const BITS: usize = 8;
const ROWS_PER_TASK: usize = 9;

/** Elements that a task should have at least. */
const TASK: i32 = 16384;
/** Elements from which the engine's own copy is faster than a loop. */
const LONG: i32 = 512;

/** Writes `count` elements of the same bits. */
export function fillElements(target: usize, bits: i32, count: i32, shift: i32): void {
  if (shift == 0 || bits == 0) {
    memory.fill(target, <u8>bits, (<usize>count) << shift);
    return;
  }
  const end = target + ((<usize>count) << 2);
  for (; target + 16 <= end; target += 16) v128.store(target, i32x4.splat(bits));
  for (; target < end; target += 4) store<i32>(target, bits);
}

/** Copies `count` elements that lie side by side. */
@inline
export function copyElements(target: usize, source: usize, count: i32, shift: i32): void {
  if (shift == 2 && count < LONG) copyFloats(target, source, count);
  else memory.copy(target, source, (<usize>count) << shift);
}

function padTask(task: i32): void {
  const rank = argument(RANK);
  const shift = argument(SHIFT);
  const bits = argument(BITS);
  const columns = argument(COLUMNS);
  const before = argument(BEFORE);
  const kept = argument(KEPT);
  const first = task * argument(ROWS_PER_TASK);
  const end = min(first + argument(ROWS_PER_TASK), argument(ROWS));
  for (let row = first; row < end; row++) {
    const target = <usize>argument(OUTPUT) + ((<usize>row * <usize>columns) << shift);
    let rest = row;
    let from = 0;
    let scale = kept;
    let inside = true;
    for (let axis = rank - 1; axis >= 0; axis--) {
      const length = walkLength(axis);
      const index = (rest % length) - walkFirst(axis);
      rest /= length;
      inside = inside && index >= 0 && index < walkSecond(axis);
      from += index * scale;
      scale *= walkSecond(axis);
    }
    if (!inside) {
      fillElements(target, bits, columns, shift);
      continue;
    }
    fillElements(target, bits, before, shift);
    copyElements(target + ((<usize>before) << shift), <usize>argument(INPUT) + ((<usize>from) << shift), kept, shift);
    const after = before + kept;
    fillElements(target + ((<usize>after) << shift), bits, columns - after, shift);
  }
}

/**
 * Writes `rows` rows of `before` elements of the given bits, `kept` elements of the input, and those bits up to
 * `columns`. The `rank` outer axes, set before, are each the output's length, elements before, and the input's length.
 */
export function pad(
  input: usize,
  output: usize,
  shift: i32,
  bits: i32,
  rank: i32,
  rows: i32,
  before: i32,
  kept: i32,
  columns: i32,
): void {
  const rowsPerTask = max(1, TASK / columns);
  setArgument(INPUT, <i32>input);
  setArgument(OUTPUT, <i32>output);
  setArgument(SHIFT, shift);
  setArgument(BITS, bits);
  setArgument(RANK, rank);
  setArgument(ROWS, rows);
  setArgument(BEFORE, before);
  setArgument(KEPT, kept);
  setArgument(COLUMNS, columns);
  setArgument(ROWS_PER_TASK, rowsPerTask);
  launch(padTask.index, (rows + rowsPerTask - 1) / rowsPerTask);
}

function fillTask(task: i32): void {
  const shift = argument(SHIFT);
  const first = task * TASK;
  const target = <usize>argument(OUTPUT) + ((<usize>first) << shift);
  fillElements(target, argument(BITS), min(TASK, argument(COLUMNS) - first), shift);
}

/** Writes the same bits to every element. */
export function fill(output: usize, count: i32, bits: i32, shift: i32): void {
  setArgument(OUTPUT, <i32>output);
  setArgument(COLUMNS, count);
  setArgument(BITS, bits);
  setArgument(SHIFT, shift);
  launch(fillTask.index, (count + TASK - 1) / TASK);
}
