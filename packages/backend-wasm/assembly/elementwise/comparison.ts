import { argument, setArgument } from "../runtime/arguments";
import { launch, scratchPointer } from "../runtime/control";
import { firstOffset, locate, secondOffset } from "../runtime/walk";
import { AND, BYTE, EQUAL, FLOAT, INT, LESS, LESS_OR_EQUAL, NOT, NOT_EQUAL, OR } from "../../src/codes/comparison";
import { truthBytes } from "../vector/bytes";

const A: usize = 0;
const B: usize = 1;
const OUTPUT: usize = 2;
const OPERATION: usize = 3;
const TYPE: usize = 4;
const RANK: usize = 5;
const ROWS: usize = 6;
const LENGTH: usize = 7;
const A_REPEATS: usize = 8;
const B_REPEATS: usize = 9;
const ROWS_PER_TASK: usize = 10;
const LENGTH_PER_TASK: usize = 11;

/** Elements that a task should have at least. */
const TASK: i32 = 16384;
/** Room in the scratch memory for a vector of an operand that repeats. */
const ROOM: usize = 16;

@inline
function compareFloats(operation: i32, a: v128, b: v128): v128 {
  if (operation == EQUAL) return f32x4.eq(a, b);
  if (operation == NOT_EQUAL) return f32x4.ne(a, b);
  if (operation == LESS) return f32x4.lt(a, b);
  return f32x4.le(a, b);
}

@inline
function compareInts(operation: i32, a: v128, b: v128): v128 {
  if (operation == EQUAL) return i32x4.eq(a, b);
  if (operation == NOT_EQUAL) return i32x4.ne(a, b);
  if (operation == LESS) return i32x4.lt_s(a, b);
  return i32x4.le_s(a, b);
}

@inline
function compareBytes(operation: i32, a: v128, b: v128): v128 {
  const zero = i8x16.splat(0);
  if (operation == AND) return v128.andnot(b, i8x16.eq(a, zero));
  if (operation == OR) return v128.bitselect(b, a, i8x16.eq(a, zero));
  const one = i8x16.splat(1);
  if (operation == NOT) return v128.and(i8x16.eq(a, zero), one);
  if (operation == EQUAL) return v128.and(i8x16.eq(a, b), one);
  if (operation == NOT_EQUAL) return v128.and(i8x16.ne(a, b), one);
  if (operation == LESS) return v128.and(i8x16.lt_u(a, b), one);
  return v128.and(i8x16.le_u(a, b), one);
}

@inline
function lanes(operation: i32, type: i32, a: usize, b: usize): v128 {
  if (type == FLOAT) return compareFloats(operation, v128.load(a), v128.load(b));
  return compareInts(operation, v128.load(a), v128.load(b));
}

/** One row of 4-byte operands, which advance by `aStep` and `bStep` bytes with every vector: 16, or 0. */
@inline
function compareWords(
  operation: i32,
  type: i32,
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  output: usize,
  count: i32,
): void {
  for (; count >= 16; count -= 16) {
    const first = lanes(operation, type, a, b);
    const second = lanes(operation, type, a + aStep, b + bStep);
    a += 2 * aStep;
    b += 2 * bStep;
    const third = lanes(operation, type, a, b);
    const fourth = lanes(operation, type, a + aStep, b + bStep);
    a += 2 * aStep;
    b += 2 * bStep;
    const bytes = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(first, second), i16x8.narrow_i32x4_s(third, fourth));
    v128.store(output, v128.and(bytes, i8x16.splat(1)));
    output += 16;
  }
  for (; count >= 4; count -= 4) {
    store<i32>(output, truthBytes(lanes(operation, type, a, b)));
    a += aStep;
    b += bStep;
    output += 4;
  }
  // The last vector may be read whole, but the next row's results are not this row's to write.
  let bytes = count > 0 ? truthBytes(lanes(operation, type, a, b)) : 0;
  for (; count > 0; count--) {
    store<u8>(output++, bytes);
    bytes >>= 8;
  }
}

@inline
function compareByteRow(
  operation: i32,
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  output: usize,
  count: i32,
): void {
  for (; count >= 16; count -= 16) {
    v128.store(output, compareBytes(operation, v128.load(a), v128.load(b)));
    a += aStep;
    b += bStep;
    output += 16;
  }
  if (count == 0) return;
  const last = scratchPointer() + 2 * ROOM;
  v128.store(last, compareBytes(operation, v128.load(a), v128.load(b)));
  for (let index = 0; index < count; index++) store<u8>(output + index, load<u8>(last + index));
}

@inline
function compareRow(operation: i32, a: usize, aStep: usize, b: usize, bStep: usize, output: usize, count: i32): void {
  const type = argument(TYPE);
  if (type == FLOAT) compareWords(operation, FLOAT, a, aStep, b, bStep, output, count);
  else if (type == INT) compareWords(operation, INT, a, aStep, b, bStep, output, count);
  else compareByteRow(operation, a, aStep, b, bStep, output, count);
}

/** Where a vector of an operand's one element lies. */
@inline
function repeated(pointer: usize, room: usize): usize {
  const element = argument(TYPE) == BYTE ? v128.load_splat<u8>(pointer) : v128.load_splat<i32>(pointer);
  v128.store(room, element);
  return room;
}

function compareTask(task: i32): void {
  const operation = argument(OPERATION);
  const shift = argument(TYPE) == BYTE ? 0 : 2;
  const length = argument(LENGTH);
  const perTask = argument(LENGTH_PER_TASK);
  const chunks = (length + perTask - 1) / perTask;
  const start = (task % chunks) * perTask;
  const count = min(perTask, length - start);
  const first = (task / chunks) * argument(ROWS_PER_TASK);
  const end = min(first + argument(ROWS_PER_TASK), argument(ROWS));
  const aStep: usize = argument(A_REPEATS) ? 0 : 16;
  const bStep: usize = argument(B_REPEATS) ? 0 : 16;
  for (let row = first; row < end; row++) {
    locate(row, argument(RANK));
    let a = <usize>argument(A) + firstOffset;
    let b = <usize>argument(B) + secondOffset;
    a = aStep == 0 ? repeated(a, scratchPointer()) : a + ((<usize>start) << shift);
    b = bStep == 0 ? repeated(b, scratchPointer() + ROOM) : b + ((<usize>start) << shift);
    const output = <usize>argument(OUTPUT) + <usize>row * <usize>length + <usize>start;
    switch (operation) {
      case EQUAL:
        compareRow(EQUAL, a, aStep, b, bStep, output, count);
        break;
      case NOT_EQUAL:
        compareRow(NOT_EQUAL, a, aStep, b, bStep, output, count);
        break;
      case LESS:
        compareRow(LESS, a, aStep, b, bStep, output, count);
        break;
      case LESS_OR_EQUAL:
        compareRow(LESS_OR_EQUAL, a, aStep, b, bStep, output, count);
        break;
      case AND:
        compareByteRow(AND, a, aStep, b, bStep, output, count);
        break;
      case OR:
        compareByteRow(OR, a, aStep, b, bStep, output, count);
        break;
      case NOT:
        compareByteRow(NOT, a, aStep, b, bStep, output, count);
        break;
    }
  }
}

/**
 * `output = operation(a, b)` over `rows` rows of `length` elements, one byte each.
 *
 * @param type of both operands
 * @param rank outer axes, set before with both operands' strides in bytes
 * @param aRepeats 1 if one element of a serves a whole row; likewise `bRepeats`
 */
export function compare(
  operation: i32,
  type: i32,
  a: usize,
  b: usize,
  output: usize,
  rank: i32,
  rows: i32,
  length: i32,
  aRepeats: i32,
  bRepeats: i32,
): void {
  const lengthPerTask = min(length, TASK);
  const rowsPerTask = TASK / lengthPerTask;
  setArgument(A, <i32>a);
  setArgument(B, <i32>b);
  setArgument(OUTPUT, <i32>output);
  setArgument(OPERATION, operation);
  setArgument(TYPE, type);
  setArgument(RANK, rank);
  setArgument(ROWS, rows);
  setArgument(LENGTH, length);
  setArgument(A_REPEATS, aRepeats);
  setArgument(B_REPEATS, bRepeats);
  setArgument(ROWS_PER_TASK, rowsPerTask);
  setArgument(LENGTH_PER_TASK, lengthPerTask);
  const chunks = (length + lengthPerTask - 1) / lengthPerTask;
  launch(compareTask.index, ((rows + rowsPerTask - 1) / rowsPerTask) * chunks);
}
