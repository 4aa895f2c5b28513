import { argument, argumentF32, setArgument, setArgumentF32 } from "../runtime/arguments";
import { launch } from "../runtime/control";
import { errorFunction } from "./elementary";
import { exponential, sigmoid } from "../vector/math";
import { multiplyAdd } from "../vector/simd";
import {
  ELU,
  GELU,
  LEAKY_RELU,
  RELU,
  RELU6,
  SELU,
  SIGMOID,
  SILU,
  SOFTPLUS,
  TANH,
} from "../../src/codes/activation-gradient";

const GRADIENT: usize = 0;
const VALUE: usize = 1;
const OUTPUT: usize = 2;
const COUNT: usize = 3;
const OPERATION: usize = 4;
const ALPHA: usize = 5;

/** Elements of one task. */
const TASK: i32 = 16384;

/** The slope `F(x) + x f(x)`, with the normal distribution's `F(x) = (1 + erf(x / sqrt 2)) / 2` and density f. */
@inline
function geluSlope(x: v128): v128 {
  const density = f32x4.mul(exponential(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5))), f32x4.splat(0.3989422804));
  const below = multiplyAdd(errorFunction(f32x4.mul(x, f32x4.splat(0.70710678))), f32x4.splat(0.5), f32x4.splat(0.5));
  return multiplyAdd(x, density, below);
}

/** The slope `s (1 + x (1 - s))`, with `s = sigmoid(x)`. */
@inline
function siluSlope(x: v128): v128 {
  const s = sigmoid(x);
  const one = f32x4.splat(1);
  return f32x4.mul(s, multiplyAdd(x, f32x4.sub(one, s), one));
}

@inline
function seluSlope(x: v128): v128 {
  const negative = f32x4.mul(exponential(x), f32x4.splat(1.7580993408473768));
  return v128.bitselect(f32x4.splat(1.0507009873554805), negative, f32x4.ge(x, f32x4.splat(0)));
}

/** @param v the activation's output or input */
@inline
function apply(operation: i32, dy: v128, v: v128, alpha: f32): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  if (operation == RELU) return v128.and(dy, f32x4.gt(v, zero));
  if (operation == RELU6) return v128.and(dy, v128.and(f32x4.gt(v, zero), f32x4.lt(v, f32x4.splat(6))));
  if (operation == ELU) return v128.bitselect(dy, f32x4.mul(dy, f32x4.add(v, one)), f32x4.ge(v, zero));
  if (operation == SIGMOID) return f32x4.mul(dy, f32x4.mul(v, f32x4.sub(one, v)));
  if (operation == TANH) return f32x4.mul(dy, f32x4.sub(one, f32x4.mul(v, v)));
  if (operation == LEAKY_RELU) return v128.bitselect(dy, f32x4.mul(dy, f32x4.splat(alpha)), f32x4.gt(v, zero));
  if (operation == SELU) return f32x4.mul(dy, seluSlope(v));
  if (operation == SOFTPLUS) return f32x4.mul(dy, sigmoid(v));
  if (operation == GELU) return f32x4.mul(dy, geluSlope(v));
  return f32x4.mul(dy, siluSlope(v));
}

/** The operation is a constant where this is inlined, so each gets a loop of its own. */
@inline
function map(operation: i32, gradient: usize, value: usize, output: usize, count: i32): void {
  const alpha = argumentF32(ALPHA);
  // Blocks are larger than the tensors in them, and every tensor has its own: the last vector may be written whole.
  const end = output + ((<usize>count) << 2);
  while (output < end) {
    v128.store(output, apply(operation, v128.load(gradient), v128.load(value), alpha));
    gradient += 16;
    value += 16;
    output += 16;
  }
}

function gradientTask(task: i32): void {
  const first = task * TASK;
  const count = min(TASK, argument(COUNT) - first);
  const gradient = <usize>argument(GRADIENT) + ((<usize>first) << 2);
  const value = <usize>argument(VALUE) + ((<usize>first) << 2);
  const output = <usize>argument(OUTPUT) + ((<usize>first) << 2);
  switch (argument(OPERATION)) {
    case RELU:
      map(RELU, gradient, value, output, count);
      break;
    case RELU6:
      map(RELU6, gradient, value, output, count);
      break;
    case ELU:
      map(ELU, gradient, value, output, count);
      break;
    case SIGMOID:
      map(SIGMOID, gradient, value, output, count);
      break;
    case TANH:
      map(TANH, gradient, value, output, count);
      break;
    case LEAKY_RELU:
      map(LEAKY_RELU, gradient, value, output, count);
      break;
    case SELU:
      map(SELU, gradient, value, output, count);
      break;
    case SOFTPLUS:
      map(SOFTPLUS, gradient, value, output, count);
      break;
    case GELU:
      map(GELU, gradient, value, output, count);
      break;
    case SILU:
      map(SILU, gradient, value, output, count);
      break;
  }
}

/** `output[i] = gradient[i] * slope(value[i])`; `alpha` is leaky ReLU's slope below 0. */
export function activationGradient(
  operation: i32,
  gradient: usize,
  value: usize,
  output: usize,
  count: i32,
  alpha: f32,
): void {
  setArgument(GRADIENT, <i32>gradient);
  setArgument(VALUE, <i32>value);
  setArgument(OUTPUT, <i32>output);
  setArgument(COUNT, count);
  setArgument(OPERATION, operation);
  setArgumentF32(ALPHA, alpha);
  launch(gradientTask.index, (count + TASK - 1) / TASK);
}
