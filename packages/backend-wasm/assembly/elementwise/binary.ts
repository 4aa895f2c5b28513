import { argument, setArgument } from "../runtime/arguments";
import { launch } from "../runtime/control";
import { firstOffset, locate, secondOffset, walkFirst, walkLength, walkSecond } from "../runtime/walk";
import {
  ADD,
  ADD_INTEGERS,
  DIVIDE,
  MAXIMUM,
  MAXIMUM_OF_INTEGERS,
  MINIMUM,
  MINIMUM_OF_INTEGERS,
  MULTIPLY,
  MULTIPLY_INTEGERS,
  PARAMETRIC_RELU,
  POWER,
  SQUARED_DIFFERENCE,
  SUBTRACT,
  SUBTRACT_INTEGERS,
} from "../../src/codes/binary";

const A: usize = 0;
const B: usize = 1;
const OUTPUT: usize = 2;
const OPERATION: usize = 3;
const ROWS: usize = 4;
const LENGTH: usize = 5;
const A_STEP: usize = 6;
const B_STEP: usize = 7;
const ROWS_PER_TASK: usize = 8;
const RANK: usize = 9;

/** Elements that a task should have at least. */
const TASK: i32 = 16384;

/** As JavaScript has it, and C has not: 1 to the power of infinity or NaN is not 1. */
function power(x: f32, y: f32): f32 {
  return abs(x) == 1 && !(abs(y) < Infinity) ? NaN : Mathf.pow(x, y);
}

function modulo(x: f32, y: f32): f32 {
  const rest = <f64>x % <f64>y;
  const sameSign = (x < 0 && y < 0) || (x >= 0 && y >= 0);
  return <f32>(sameSign ? rest : (rest + <f64>y) % <f64>y);
}

@inline
function apply(operation: i32, a: v128, b: v128): v128 {
  if (operation == ADD) return f32x4.add(a, b);
  if (operation == SUBTRACT) return f32x4.sub(a, b);
  if (operation == MULTIPLY) return f32x4.mul(a, b);
  if (operation == DIVIDE) return f32x4.div(a, b);
  if (operation == MAXIMUM) return f32x4.max(a, b);
  if (operation == MINIMUM) return f32x4.min(a, b);
  if (operation == SQUARED_DIFFERENCE) return f32x4.mul(f32x4.sub(a, b), f32x4.sub(a, b));
  if (operation == PARAMETRIC_RELU) return v128.bitselect(f32x4.mul(a, b), a, f32x4.lt(a, f32x4.splat(0)));
  if (operation == ADD_INTEGERS) return i32x4.add(a, b);
  if (operation == SUBTRACT_INTEGERS) return i32x4.sub(a, b);
  if (operation == MULTIPLY_INTEGERS) return i32x4.mul(a, b);
  if (operation == MAXIMUM_OF_INTEGERS) return i32x4.max_s(a, b);
  return i32x4.min_s(a, b);
}

/** One contiguous row; a step of 0 repeats the operand's one element. */
@inline
function zip(operation: i32, a: usize, aStep: i32, b: usize, bStep: i32, output: usize, count: i32): void {
  let x = v128.load32_splat(a);
  let y = v128.load32_splat(b);
  const end = output + ((<usize>(count & ~3)) << 2);
  if (aStep == 0) {
    for (; output < end; output += 16, b += 16) v128.store(output, apply(operation, x, v128.load(b)));
  } else if (bStep == 0) {
    for (; output < end; output += 16, a += 16) v128.store(output, apply(operation, v128.load(a), y));
  } else {
    for (; output < end; output += 16, a += 16, b += 16) {
      v128.store(output, apply(operation, v128.load(a), v128.load(b)));
    }
  }
  if ((count & 3) == 0) return;
  if (aStep != 0) x = v128.load(a);
  if (bStep != 0) y = v128.load(b);
  const last = apply(operation, x, y);
  store<f32>(output, f32x4.extract_lane(last, 0));
  if ((count & 3) > 1) store<f32>(output, f32x4.extract_lane(last, 1), 4);
  if ((count & 3) > 2) store<f32>(output, f32x4.extract_lane(last, 2), 8);
}

/** Functions whose arguments need more than vectors of float32, one element at a time. */
function zipOnes(operation: i32, a: usize, aStep: i32, b: usize, bStep: i32, output: usize, count: i32): void {
  for (const end = output + ((<usize>count) << 2); output < end; output += 4) {
    const x = load<f32>(a);
    const y = load<f32>(b);
    store<f32>(output, operation == POWER ? power(x, y) : modulo(x, y));
    a += aStep << 2;
    b += bStep << 2;
  }
}

function zipRow(operation: i32, a: usize, aStep: i32, b: usize, bStep: i32, output: usize, count: i32): void {
  switch (operation) {
    case ADD:
      zip(ADD, a, aStep, b, bStep, output, count);
      break;
    case SUBTRACT:
      zip(SUBTRACT, a, aStep, b, bStep, output, count);
      break;
    case MULTIPLY:
      zip(MULTIPLY, a, aStep, b, bStep, output, count);
      break;
    case DIVIDE:
      zip(DIVIDE, a, aStep, b, bStep, output, count);
      break;
    case MAXIMUM:
      zip(MAXIMUM, a, aStep, b, bStep, output, count);
      break;
    case MINIMUM:
      zip(MINIMUM, a, aStep, b, bStep, output, count);
      break;
    case SQUARED_DIFFERENCE:
      zip(SQUARED_DIFFERENCE, a, aStep, b, bStep, output, count);
      break;
    case PARAMETRIC_RELU:
      zip(PARAMETRIC_RELU, a, aStep, b, bStep, output, count);
      break;
    case ADD_INTEGERS:
      zip(ADD_INTEGERS, a, aStep, b, bStep, output, count);
      break;
    case SUBTRACT_INTEGERS:
      zip(SUBTRACT_INTEGERS, a, aStep, b, bStep, output, count);
      break;
    case MULTIPLY_INTEGERS:
      zip(MULTIPLY_INTEGERS, a, aStep, b, bStep, output, count);
      break;
    case MAXIMUM_OF_INTEGERS:
      zip(MAXIMUM_OF_INTEGERS, a, aStep, b, bStep, output, count);
      break;
    case MINIMUM_OF_INTEGERS:
      zip(MINIMUM_OF_INTEGERS, a, aStep, b, bStep, output, count);
      break;
    default:
      zipOnes(operation, a, aStep, b, bStep, output, count);
  }
}

function binaryTask(task: i32): void {
  const operation = argument(OPERATION);
  const length = argument(LENGTH);
  const rank = argument(RANK);
  const aStep = argument(A_STEP);
  const bStep = argument(B_STEP);
  // Only the first row of each run along the last outer axis has to be found.
  const runLength = walkLength(rank - 1);
  const aStride = <usize>walkFirst(rank - 1);
  const bStride = <usize>walkSecond(rank - 1);
  let row = task * argument(ROWS_PER_TASK);
  const end = min(row + argument(ROWS_PER_TASK), argument(ROWS));
  let output = <usize>argument(OUTPUT) + ((<usize>row * <usize>length) << 2);
  while (row < end) {
    locate(row, rank);
    let a = <usize>argument(A) + firstOffset;
    let b = <usize>argument(B) + secondOffset;
    const runEnd = min(end, row - (row % runLength) + runLength);
    for (; row < runEnd; row++) {
      zipRow(operation, a, aStep, b, bStep, output, length);
      a += aStride;
      b += bStride;
      output += (<usize>length) << 2;
    }
  }
}

function flatTask(task: i32): void {
  const first = task * TASK;
  const offset = (<usize>first) << 2;
  const aStep = argument(A_STEP);
  const bStep = argument(B_STEP);
  zipRow(
    argument(OPERATION),
    <usize>argument(A) + (aStep == 0 ? 0 : offset),
    aStep,
    <usize>argument(B) + (bStep == 0 ? 0 : offset),
    bStep,
    <usize>argument(OUTPUT) + offset,
    min(TASK, argument(LENGTH) - first),
  );
}

/**
 * `output = operation(a, b)` over `rows` rows of `length` elements of 4 bytes.
 *
 * @param rank outer axes, set before with strides in bytes of a and b; 0 for one row, which is then cut between threads
 * @param aStep 1, or 0 if a is constant along a row; likewise `bStep`
 */
export function binary(
  operation: i32,
  a: usize,
  b: usize,
  output: usize,
  rank: i32,
  rows: i32,
  length: i32,
  aStep: i32,
  bStep: i32,
): void {
  setArgument(A, <i32>a);
  setArgument(B, <i32>b);
  setArgument(OUTPUT, <i32>output);
  setArgument(OPERATION, operation);
  setArgument(ROWS, rows);
  setArgument(LENGTH, length);
  setArgument(A_STEP, aStep);
  setArgument(B_STEP, bStep);
  setArgument(RANK, rank);
  if (rank == 0) {
    launch(flatTask.index, (length + TASK - 1) / TASK);
    return;
  }
  const rowsPerTask = max(1, TASK / length);
  setArgument(ROWS_PER_TASK, rowsPerTask);
  launch(binaryTask.index, (rows + rowsPerTask - 1) / rowsPerTask);
}
