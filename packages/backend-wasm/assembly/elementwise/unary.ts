import { argument, argumentF32, setArgument, setArgumentF32 } from "../runtime/arguments";
import { launch } from "../runtime/control";
import { exponential, hyperbolicTangent, logarithm, sigmoid, softplus } from "../vector/math";
import {
  ABSOLUTE,
  CEIL,
  CLIP,
  ELU,
  EXPONENTIAL,
  FLOOR,
  LEAKY_RELU,
  LOGARITHM,
  NEGATE,
  RECIPROCAL,
  RECIPROCAL_SQUARE_ROOT,
  RELU,
  RELU6,
  ROUND,
  SIGMOID,
  SOFTPLUS,
  SQUARE,
  SQUARE_ROOT,
  STEP,
  TANH,
} from "../../src/codes/unary";

const INPUT: usize = 0;
const OUTPUT: usize = 1;
const COUNT: usize = 2;
const OPERATION: usize = 3;
const ALPHA: usize = 4;
const BETA: usize = 5;

/** Elements of one task. */
const TASK: i32 = 16384;

@inline
function apply(operation: i32, x: v128, alpha: f32, beta: f32): v128 {
  if (operation == RELU) return f32x4.max(x, f32x4.splat(0));
  if (operation == RELU6) return f32x4.min(f32x4.max(x, f32x4.splat(0)), f32x4.splat(6));
  if (operation == NEGATE) return f32x4.neg(x);
  if (operation == ABSOLUTE) return f32x4.abs(x);
  if (operation == SQUARE) return f32x4.mul(x, x);
  if (operation == SQUARE_ROOT) return f32x4.sqrt(x);
  if (operation == RECIPROCAL_SQUARE_ROOT) return f32x4.div(f32x4.splat(1), f32x4.sqrt(x));
  if (operation == RECIPROCAL) return f32x4.div(f32x4.splat(1), x);
  if (operation == EXPONENTIAL) return exponential(x);
  if (operation == LOGARITHM) return logarithm(x);
  if (operation == SIGMOID) return sigmoid(x);
  if (operation == TANH) return hyperbolicTangent(x);
  if (operation == SOFTPLUS) return softplus(x);
  if (operation == ELU)
    return v128.bitselect(x, f32x4.sub(exponential(x), f32x4.splat(1)), f32x4.ge(x, f32x4.splat(0)));
  if (operation == FLOOR) return f32x4.floor(x);
  if (operation == CEIL) return f32x4.ceil(x);
  if (operation == ROUND) return f32x4.nearest(x);
  if (operation == STEP)
    return v128.bitselect(
      x,
      v128.bitselect(f32x4.splat(1), f32x4.splat(alpha), f32x4.gt(x, f32x4.splat(0))),
      f32x4.ne(x, x),
    );
  if (operation == LEAKY_RELU) return v128.bitselect(f32x4.mul(x, f32x4.splat(alpha)), x, f32x4.lt(x, f32x4.splat(0)));
  if (operation == CLIP) return f32x4.min(f32x4.max(x, f32x4.splat(alpha)), f32x4.splat(beta));
  return x;
}

/** The operation is a constant where this is inlined, so each gets a loop of its own. */
@inline
function map(operation: i32, input: usize, output: usize, count: i32): void {
  const alpha = argumentF32(ALPHA);
  const beta = argumentF32(BETA);
  const end = output + ((<usize>(count & ~3)) << 2);
  while (output < end) {
    v128.store(output, apply(operation, v128.load(input), alpha, beta));
    input += 16;
    output += 16;
  }
  // Blocks are larger than the tensors in them: the last vector may be read whole, but is written by element.
  if ((count & 3) == 0) return;
  const last = apply(operation, v128.load(input), alpha, beta);
  store<f32>(output, f32x4.extract_lane(last, 0));
  if ((count & 3) > 1) store<f32>(output, f32x4.extract_lane(last, 1), 4);
  if ((count & 3) > 2) store<f32>(output, f32x4.extract_lane(last, 2), 8);
}

function unaryTask(task: i32): void {
  const first = task * TASK;
  const count = min(TASK, argument(COUNT) - first);
  const input = <usize>argument(INPUT) + ((<usize>first) << 2);
  const output = <usize>argument(OUTPUT) + ((<usize>first) << 2);
  switch (argument(OPERATION)) {
    case RELU:
      map(RELU, input, output, count);
      break;
    case RELU6:
      map(RELU6, input, output, count);
      break;
    case NEGATE:
      map(NEGATE, input, output, count);
      break;
    case ABSOLUTE:
      map(ABSOLUTE, input, output, count);
      break;
    case SQUARE:
      map(SQUARE, input, output, count);
      break;
    case SQUARE_ROOT:
      map(SQUARE_ROOT, input, output, count);
      break;
    case RECIPROCAL_SQUARE_ROOT:
      map(RECIPROCAL_SQUARE_ROOT, input, output, count);
      break;
    case RECIPROCAL:
      map(RECIPROCAL, input, output, count);
      break;
    case EXPONENTIAL:
      map(EXPONENTIAL, input, output, count);
      break;
    case LOGARITHM:
      map(LOGARITHM, input, output, count);
      break;
    case SIGMOID:
      map(SIGMOID, input, output, count);
      break;
    case TANH:
      map(TANH, input, output, count);
      break;
    case SOFTPLUS:
      map(SOFTPLUS, input, output, count);
      break;
    case ELU:
      map(ELU, input, output, count);
      break;
    case FLOOR:
      map(FLOOR, input, output, count);
      break;
    case CEIL:
      map(CEIL, input, output, count);
      break;
    case ROUND:
      map(ROUND, input, output, count);
      break;
    case STEP:
      map(STEP, input, output, count);
      break;
    case LEAKY_RELU:
      map(LEAKY_RELU, input, output, count);
      break;
    case CLIP:
      map(CLIP, input, output, count);
      break;
  }
}

/** `output[i] = operation(input[i])`; `alpha` and `beta` are the operation's own parameters. */
export function unary(operation: i32, input: usize, output: usize, count: i32, alpha: f32, beta: f32): void {
  setArgument(INPUT, <i32>input);
  setArgument(OUTPUT, <i32>output);
  setArgument(COUNT, count);
  setArgument(OPERATION, operation);
  setArgumentF32(ALPHA, alpha);
  setArgumentF32(BETA, beta);
  launch(unaryTask.index, (count + TASK - 1) / TASK);
}
