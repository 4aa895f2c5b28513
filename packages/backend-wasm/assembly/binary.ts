import { argument, parallel, setArgument } from "./control";

/** Binary functions over float32; the codes of `src/kernels/binary.ts`. */
const ADD: i32 = 0;
const SUBTRACT: i32 = 1;
const MULTIPLY: i32 = 2;
const DIVIDE: i32 = 3;
const MAXIMUM: i32 = 4;
const MINIMUM: i32 = 5;
const SQUARED_DIFFERENCE: i32 = 6;
/** Gradients of activations from `a = dy` and the activation's output `b = y`. */
const RELU_GRADIENT: i32 = 7;
const RELU6_GRADIENT: i32 = 8;
const ELU_GRADIENT: i32 = 9;
const SIGMOID_GRADIENT: i32 = 10;
const TANH_GRADIENT: i32 = 11;

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
/** From here on, `rank` lengths of the outer axes, then as many strides in elements of a, then of b. */
const AXES: usize = 10;

/** Elements that a task should have at least. */
const TASK: i32 = 16384;

@inline function apply(operation: i32, a: v128, b: v128): v128 {
  if (operation == ADD) return f32x4.add(a, b);
  if (operation == SUBTRACT) return f32x4.sub(a, b);
  if (operation == MULTIPLY) return f32x4.mul(a, b);
  if (operation == DIVIDE) return f32x4.div(a, b);
  if (operation == MAXIMUM) return f32x4.max(a, b);
  if (operation == MINIMUM) return f32x4.min(a, b);
  if (operation == SQUARED_DIFFERENCE) return f32x4.mul(f32x4.sub(a, b), f32x4.sub(a, b));
  if (operation == RELU_GRADIENT) return v128.and(a, f32x4.gt(b, f32x4.splat(0)));
  if (operation == RELU6_GRADIENT) {
    return v128.and(a, v128.and(f32x4.gt(b, f32x4.splat(0)), f32x4.lt(b, f32x4.splat(6))));
  }
  if (operation == ELU_GRADIENT) {
    return v128.bitselect(a, f32x4.mul(a, f32x4.add(b, f32x4.splat(1))), f32x4.ge(b, f32x4.splat(0)));
  }
  if (operation == SIGMOID_GRADIENT) return f32x4.mul(a, f32x4.mul(b, f32x4.sub(f32x4.splat(1), b)));
  if (operation == TANH_GRADIENT) return f32x4.mul(a, f32x4.sub(f32x4.splat(1), f32x4.mul(b, b)));
  return a;
}

/** One contiguous row; a step of 0 repeats the operand's one element. */
@inline function zip(operation: i32, a: usize, aStep: i32, b: usize, bStep: i32, output: usize, count: i32): void {
  let x = v128.load_splat<f32>(a);
  let y = v128.load_splat<f32>(b);
  const end = output + (<usize>(count & ~3) << 2);
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

function zipRow(a: usize, aStep: i32, b: usize, bStep: i32, output: usize, count: i32): void {
  switch (argument(OPERATION)) {
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
    case RELU_GRADIENT:
      zip(RELU_GRADIENT, a, aStep, b, bStep, output, count);
      break;
    case RELU6_GRADIENT:
      zip(RELU6_GRADIENT, a, aStep, b, bStep, output, count);
      break;
    case ELU_GRADIENT:
      zip(ELU_GRADIENT, a, aStep, b, bStep, output, count);
      break;
    case SIGMOID_GRADIENT:
      zip(SIGMOID_GRADIENT, a, aStep, b, bStep, output, count);
      break;
    case TANH_GRADIENT:
      zip(TANH_GRADIENT, a, aStep, b, bStep, output, count);
      break;
  }
}

function binaryTask(task: i32): void {
  const length = argument(LENGTH);
  const rowsPerTask = argument(ROWS_PER_TASK);
  const rank = argument(RANK);
  const first = task * rowsPerTask;
  const end = min(first + rowsPerTask, argument(ROWS));
  for (let row = first; row < end; row++) {
    let a = <usize>argument(A);
    let b = <usize>argument(B);
    let rest = row;
    for (let axis = rank - 1; axis >= 0; axis--) {
      const size = argument(AXES + axis);
      const index = rest % size;
      rest /= size;
      a += <usize>(index * argument(AXES + rank + axis)) << 2;
      b += <usize>(index * argument(AXES + 2 * rank + axis)) << 2;
    }
    const output = <usize>argument(OUTPUT) + (<usize>row * <usize>length << 2);
    zipRow(a, argument(A_STEP), b, argument(B_STEP), output, length);
  }
}

function flatTask(task: i32): void {
  const first = task * TASK;
  const offset = <usize>first << 2;
  const aStep = argument(A_STEP);
  const bStep = argument(B_STEP);
  zipRow(
    <usize>argument(A) + (aStep == 0 ? 0 : offset),
    aStep,
    <usize>argument(B) + (bStep == 0 ? 0 : offset),
    bStep,
    <usize>argument(OUTPUT) + offset,
    min(TASK, argument(LENGTH) - first),
  );
}

/** Sets length and strides of an outer axis for the next {@link binary}. */
export function setBinaryAxis(rank: i32, axis: i32, length: i32, aStride: i32, bStride: i32): void {
  setArgument(AXES + axis, length);
  setArgument(AXES + rank + axis, aStride);
  setArgument(AXES + 2 * rank + axis, bStride);
}

/**
 * `output = operation(a, b)` over `rows` rows of `length` elements.
 *
 * @param rank outer axes, set before; 0 for one row, which is then cut between threads
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
    parallel(flatTask.index, (length + TASK - 1) / TASK);
    return;
  }
  const rowsPerTask = max(1, TASK / length);
  setArgument(ROWS_PER_TASK, rowsPerTask);
  parallel(binaryTask.index, (rows + rowsPerTask - 1) / rowsPerTask);
}
