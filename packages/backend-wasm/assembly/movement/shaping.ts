import { argument, setArgument } from "../runtime/arguments";
import { launch, scratchPointer } from "../runtime/control";
import { copyElements, fillElements } from "./padding";
import { firstOffset, locate, secondOffset } from "../runtime/walk";

/** Kernels that move elements of 4 bytes (`shift` 2) or 1 byte (`shift` 0) without looking at them. */

const INPUT: usize = 0;
const OUTPUT: usize = 1;
const SHIFT: usize = 2;
const RANK: usize = 3;
const ROWS: usize = 4;
const ROW_INPUT: usize = 5;
const ROW_OUTPUT: usize = 6;
const COLUMNS: usize = 7;
const COLUMN_INPUT: usize = 8;
const COLUMN_OUTPUT: usize = 9;
const ALL_ROWS: usize = 10;
const ROWS_PER_TASK: usize = 11;
const COLUMNS_PER_TASK: usize = 12;
const TRANSPOSED: usize = 13;

/** Elements that a task should have at least. */
const TASK: i32 = 16384;
/** Rows and columns that a transposition moves at once: as many elements as a cache line holds. */
const BLOCK: i32 = 16;

/** Copies one row of 4-byte elements with any strides in bytes. */
function copyRow(source: usize, target: usize, count: i32, from: i32, to: i32): void {
  if (to == 4) {
    if (from == 4) {
      copyElements(target, source, count, 2);
      return;
    }
    if (from == 0) {
      fillElements(target, load<i32>(source), count, 2);
      return;
    }
    if (from == -4) {
      for (; count >= 4; count -= 4) {
        const four = v128.load(source - 12);
        v128.store(target, v128.shuffle<i32>(four, four, 3, 2, 1, 0));
        source -= 16;
        target += 16;
      }
    }
  }
  for (; count > 0; count--) {
    store<i32>(target, load<i32>(source));
    source += from;
    target += to;
  }
}

function copyByteRow(source: usize, target: usize, count: i32, from: i32, to: i32): void {
  if (from == 1 && to == 1) {
    memory.copy(target, source, count);
    return;
  }
  for (; count > 0; count--) {
    store<u8>(target, load<u8>(source));
    source += from;
    target += to;
  }
}

/** Transposes 4 by 4 elements: rows `step` bytes apart become columns. */
@inline
function transposeTile(source: usize, step: usize, target: usize, targetStep: usize): void {
  const a = v128.load(source);
  const b = v128.load(source + step);
  const c = v128.load(source + 2 * step);
  const d = v128.load(source + 3 * step);
  const abLow = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
  const abHigh = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
  const cdLow = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
  const cdHigh = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  v128.store(target, v128.shuffle<i64>(abLow, cdLow, 0, 2));
  v128.store(target + targetStep, v128.shuffle<i64>(abLow, cdLow, 1, 3));
  v128.store(target + 2 * targetStep, v128.shuffle<i64>(abHigh, cdHigh, 0, 2));
  v128.store(target + 3 * targetStep, v128.shuffle<i64>(abHigh, cdHigh, 1, 3));
}

/**
 * Transposes a whole block by way of scratch memory: each cache line is read once and written once, even where lines
 * `step` or `targetStep` bytes apart drive each other out of the cache.
 */
function transposeBlock(source: usize, step: usize, target: usize, targetStep: usize): void {
  const line = (<usize>BLOCK) << 2;
  const scratch = scratchPointer();
  for (let column: usize = 0; column < line; column += 16) {
    for (let row: usize = 0; row < line; row += 16) {
      transposeTile(source + row, step, scratch + row * BLOCK + column, line);
    }
    source += 4 * step;
  }
  for (let at = scratch; at < scratch + line * BLOCK; at += line) {
    v128.store(target, v128.load(at));
    v128.store(target, v128.load(at, 16), 16);
    v128.store(target, v128.load(at, 32), 32);
    v128.store(target, v128.load(at, 48), 48);
    target += targetStep;
  }
}

/** Transposes what is narrower than a block. */
function transposeRest(source: usize, step: usize, target: usize, targetStep: usize, rows: i32, columns: i32): void {
  for (; rows >= 4; rows -= 4) {
    let from = source;
    let to = target;
    let column = columns;
    for (; column >= 4; column -= 4) {
      transposeTile(from, step, to, targetStep);
      from += 4 * step;
      to += 16;
    }
    for (; column > 0; column--) {
      store<i32>(to, load<i32>(from));
      store<i32>(to + targetStep, load<i32>(from, 4));
      store<i32>(to + 2 * targetStep, load<i32>(from, 8));
      store<i32>(to + 3 * targetStep, load<i32>(from, 12));
      from += step;
      to += 4;
    }
    source += 16;
    target += 4 * targetStep;
  }
  for (; rows > 0; rows--) {
    let from = source;
    for (let to = target; to < target + ((<usize>columns) << 2); to += 4) {
      store<i32>(to, load<i32>(from));
      from += step;
    }
    source += 4;
    target += targetStep;
  }
}

/** Writes rows whose elements lie `step` bytes apart, where neighbouring rows lie side by side. */
function transposePlane(source: usize, step: usize, target: usize, targetStep: usize, rows: i32, columns: i32): void {
  for (let row = 0; row < rows; row += BLOCK) {
    const height = min(BLOCK, rows - row);
    let from = source + ((<usize>row) << 2);
    let to = target + <usize>row * targetStep;
    for (let column = 0; column < columns; column += BLOCK) {
      const width = min(BLOCK, columns - column);
      if (height == BLOCK && width == BLOCK) transposeBlock(from, step, to, targetStep);
      else transposeRest(from, step, to, targetStep, height, width);
      from += <usize>BLOCK * step;
      to += (<usize>BLOCK) << 2;
    }
  }
}

function rearrangeTask(task: i32): void {
  const rank = argument(RANK);
  const shift = argument(SHIFT);
  const rows = argument(ROWS);
  const rowInput = argument(ROW_INPUT);
  const rowOutput = argument(ROW_OUTPUT);
  const columnInput = argument(COLUMN_INPUT);
  const columnOutput = argument(COLUMN_OUTPUT);
  const perTask = argument(COLUMNS_PER_TASK);
  const chunks = (argument(COLUMNS) + perTask - 1) / perTask;
  const column = (task % chunks) * perTask;
  const columns = min(perTask, argument(COLUMNS) - column);
  let row = (task / chunks) * argument(ROWS_PER_TASK);
  const end = min(row + argument(ROWS_PER_TASK), argument(ALL_ROWS));
  while (row < end) {
    locate(row / rows, rank);
    const inPlane = row % rows;
    const run = min(rows - inPlane, end - row);
    let source = <usize>argument(INPUT) + firstOffset + inPlane * rowInput + column * columnInput;
    let target = <usize>argument(OUTPUT) + secondOffset + inPlane * rowOutput + column * columnOutput;
    row += run;
    if (argument(TRANSPOSED)) {
      transposePlane(source, columnInput, target, rowOutput, run, columns);
      continue;
    }
    for (let index = 0; index < run; index++) {
      if (shift == 2) copyRow(source, target, columns, columnInput, columnOutput);
      else copyByteRow(source, target, columns, columnInput, columnOutput);
      source += rowInput;
      target += rowOutput;
    }
  }
}

/**
 * Copies elements from one walk through memory to another: `rank` outer axes, set before with strides in bytes of input
 * and output, over planes of `rows` by `columns`.
 *
 * @param count how many planes the outer axes lead to
 * @param rowInput bytes from one row of a plane to the next, in the input; likewise for columns and the output
 */
export function rearrange(
  input: usize,
  output: usize,
  shift: i32,
  rank: i32,
  count: i32,
  rows: i32,
  rowInput: i32,
  rowOutput: i32,
  columns: i32,
  columnInput: i32,
  columnOutput: i32,
): void {
  const transposed = shift == 2 && rowInput == 4 && columnOutput == 4 && columnInput != 4 && columnInput != 0;
  // A transposition reads whole cache lines only where it takes several rows at once.
  const together = transposed ? min(rows, BLOCK) : 1;
  let columnsPerTask = columns;
  if (<i64>columns * together > TASK) columnsPerTask = min(columns, max(BLOCK, (TASK / together) & ~(BLOCK - 1)));
  const rowsPerTask = together * max(1, TASK / (columnsPerTask * together));
  setArgument(INPUT, <i32>input);
  setArgument(OUTPUT, <i32>output);
  setArgument(SHIFT, shift);
  setArgument(RANK, rank);
  setArgument(ROWS, rows);
  setArgument(ROW_INPUT, rowInput);
  setArgument(ROW_OUTPUT, rowOutput);
  setArgument(COLUMNS, columns);
  setArgument(COLUMN_INPUT, columnInput);
  setArgument(COLUMN_OUTPUT, columnOutput);
  setArgument(ALL_ROWS, rows * count);
  setArgument(ROWS_PER_TASK, rowsPerTask);
  setArgument(COLUMNS_PER_TASK, columnsPerTask);
  setArgument(TRANSPOSED, transposed);
  const chunks = (columns + columnsPerTask - 1) / columnsPerTask;
  launch(rearrangeTask.index, ((rows * count + rowsPerTask - 1) / rowsPerTask) * chunks);
}
