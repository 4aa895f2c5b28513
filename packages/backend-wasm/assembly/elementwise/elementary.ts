import { argument, setArgument } from "../runtime/arguments";
import { launch } from "../runtime/control";
import { exponential, logarithm, sigmoid } from "../vector/math";
import { multiplyAdd } from "../vector/simd";
import {
  ARC_TANGENT,
  COSINE,
  ERROR_FUNCTION,
  EXPONENTIAL_MINUS_ONE,
  GELU,
  IS_FINITE,
  IS_NAN,
  LOGARITHM_OF_ONE_PLUS,
  SELU,
  SIGN,
  SILU,
  SINE,
} from "../../src/codes/elementary";

const INPUT: usize = 0;
const OUTPUT: usize = 1;
const COUNT: usize = 2;
const OPERATION: usize = 3;

/** Elements of one task. */
const TASK: i32 = 8192;

/**
 * `e^x - 1`; infinity above 88.73, -1 far below 0, and NaN is kept.
 *
 * Method: with `x = n ln 2 + r`, Taylor's polynomial p of degree 8 for `e^r - 1`, then `2^n p + (2^n - 1)`.
 */
function exponentialMinusOne(x: v128): v128 {
  const high = f32x4.splat(88.722839);
  const clamped = f32x4.min(f32x4.max(x, f32x4.splat(-20)), high);
  const n = f32x4.nearest(f32x4.mul(clamped, f32x4.splat(1.44269504)));
  let r = multiplyAdd(n, f32x4.splat(-0.693145752), clamped);
  r = multiplyAdd(n, f32x4.splat(-1.42860677e-6), r);
  let p = f32x4.splat(2.4801587e-5);
  p = multiplyAdd(p, r, f32x4.splat(1.984127e-4));
  p = multiplyAdd(p, r, f32x4.splat(1.3888889e-3));
  p = multiplyAdd(p, r, f32x4.splat(8.3333333e-3));
  p = multiplyAdd(p, r, f32x4.splat(0.041666667));
  p = multiplyAdd(p, r, f32x4.splat(0.16666667));
  p = multiplyAdd(p, r, f32x4.splat(0.5));
  p = multiplyAdd(f32x4.mul(p, r), r, r);
  // 2^128 has no float32: half of the result is computed.
  const half = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(126)), 23);
  let y = multiplyAdd(half, p, f32x4.sub(half, f32x4.splat(0.5)));
  y = f32x4.add(y, y);
  y = v128.bitselect(f32x4.splat(Infinity), y, f32x4.gt(x, high));
  // The reduction would take the sign from -0.
  return v128.bitselect(x, y, f32x4.eq(x, f32x4.splat(0)));
}

/**
 * `ln(1 + x)`: the rounding of `u = 1 + x` is undone by the factor `x / (u - 1)`.
 *
 * Source: Goldberg, What every computer scientist should know about floating-point arithmetic, theorem 4.
 */
@inline
function logarithmOfOnePlus(x: v128): v128 {
  const u = f32x4.add(x, f32x4.splat(1));
  const y = f32x4.mul(logarithm(u), f32x4.div(x, f32x4.sub(u, f32x4.splat(1))));
  const same = v128.or(f32x4.eq(u, f32x4.splat(1)), f32x4.eq(x, f32x4.splat(Infinity)));
  return v128.bitselect(x, y, same);
}

/**
 * Error function: Taylor's polynomial of degree 13 for `|x| < 0.5`; elsewhere the rational approximation 7.1.26 of
 * Abramowitz and Stegun, as TensorFlow.js computes it, to 1.5e-7.
 */
@inline
export function errorFunction(x: v128): v128 {
  const square = f32x4.mul(x, x);
  let p = f32x4.splat(1.2055333e-4);
  p = multiplyAdd(p, square, f32x4.splat(-8.548327e-4));
  p = multiplyAdd(p, square, f32x4.splat(5.2239776e-3));
  p = multiplyAdd(p, square, f32x4.splat(-0.026866171));
  p = multiplyAdd(p, square, f32x4.splat(0.11283792));
  p = multiplyAdd(p, square, f32x4.splat(-0.37612639));
  const near = f32x4.mul(x, multiplyAdd(p, square, f32x4.splat(1.1283792)));
  const magnitude = f32x4.abs(x);
  const one = f32x4.splat(1);
  const t = f32x4.div(one, multiplyAdd(magnitude, f32x4.splat(0.3275911), one));
  let q = f32x4.splat(1.061405429);
  q = multiplyAdd(q, t, f32x4.splat(-1.453152027));
  q = multiplyAdd(q, t, f32x4.splat(1.421413741));
  q = multiplyAdd(q, t, f32x4.splat(-0.284496736));
  q = multiplyAdd(q, t, f32x4.splat(0.254829592));
  const far = f32x4.sub(one, f32x4.mul(f32x4.mul(q, t), exponential(f32x4.neg(square))));
  const signed = v128.or(far, v128.and(x, i32x4.splat(0x80000000)));
  return v128.bitselect(near, signed, f32x4.lt(magnitude, f32x4.splat(0.5)));
}

@inline
function selu(x: v128): v128 {
  const negative = f32x4.mul(exponentialMinusOne(x), f32x4.splat(1.7580993408473768));
  const positive = f32x4.mul(x, f32x4.splat(1.0507009873554805));
  return v128.bitselect(positive, negative, f32x4.ge(x, f32x4.splat(0)));
}

/** `x (1 + erf(x / sqrt 2)) / 2` */
@inline
function gelu(x: v128): v128 {
  const half = f32x4.mul(x, f32x4.splat(0.5));
  return multiplyAdd(half, errorFunction(f32x4.mul(x, f32x4.splat(0.70710678))), half);
}

/** -1, 0 or 1; 0 for NaN. */
@inline
function sign(x: v128): v128 {
  const zero = f32x4.splat(0);
  return v128.or(v128.and(f32x4.gt(x, zero), f32x4.splat(1)), v128.and(f32x4.lt(x, zero), f32x4.splat(-1)));
}

/** Functions whose arguments need more than vectors of float32 are computed one by one. */
@inline
function applyOne(operation: i32, x: f32): f32 {
  if (operation == SINE) return Mathf.sin(x);
  if (operation == COSINE) return Mathf.cos(x);
  return Mathf.atan(x);
}

@inline
function apply(operation: i32, x: v128): v128 {
  if (operation == ERROR_FUNCTION) return errorFunction(x);
  if (operation == EXPONENTIAL_MINUS_ONE) return exponentialMinusOne(x);
  if (operation == LOGARITHM_OF_ONE_PLUS) return logarithmOfOnePlus(x);
  if (operation == SELU) return selu(x);
  if (operation == SIGN) return sign(x);
  if (operation == GELU) return gelu(x);
  return f32x4.mul(x, sigmoid(x));
}

@inline
function mapOnes(operation: i32, input: usize, output: usize, count: i32): void {
  const end = output + ((<usize>count) << 2);
  for (; output < end; output += 4, input += 4) store<f32>(output, applyOne(operation, load<f32>(input)));
}

@inline
function map(operation: i32, input: usize, output: usize, count: i32): void {
  const end = output + ((<usize>(count & ~3)) << 2);
  for (; output < end; output += 16, input += 16) v128.store(output, apply(operation, v128.load(input)));
  // Blocks are larger than the tensors in them: the last vector may be read whole, but is written by element.
  if ((count & 3) == 0) return;
  const last = apply(operation, v128.load(input));
  store<f32>(output, f32x4.extract_lane(last, 0));
  if ((count & 3) > 1) store<f32>(output, f32x4.extract_lane(last, 1), 4);
  if ((count & 3) > 2) store<f32>(output, f32x4.extract_lane(last, 2), 8);
}

function elementaryTask(task: i32): void {
  const first = task * TASK;
  const count = min(TASK, argument(COUNT) - first);
  const input = <usize>argument(INPUT) + ((<usize>first) << 2);
  const output = <usize>argument(OUTPUT) + ((<usize>first) << 2);
  switch (argument(OPERATION)) {
    case SINE:
      mapOnes(SINE, input, output, count);
      break;
    case COSINE:
      mapOnes(COSINE, input, output, count);
      break;
    case ARC_TANGENT:
      mapOnes(ARC_TANGENT, input, output, count);
      break;
    case ERROR_FUNCTION:
      map(ERROR_FUNCTION, input, output, count);
      break;
    case EXPONENTIAL_MINUS_ONE:
      map(EXPONENTIAL_MINUS_ONE, input, output, count);
      break;
    case LOGARITHM_OF_ONE_PLUS:
      map(LOGARITHM_OF_ONE_PLUS, input, output, count);
      break;
    case SELU:
      map(SELU, input, output, count);
      break;
    case SIGN:
      map(SIGN, input, output, count);
      break;
    case GELU:
      map(GELU, input, output, count);
      break;
    case SILU:
      map(SILU, input, output, count);
      break;
  }
}

@inline
function start(input: usize, output: usize, count: i32, operation: i32): void {
  setArgument(INPUT, <i32>input);
  setArgument(OUTPUT, <i32>output);
  setArgument(COUNT, count);
  setArgument(OPERATION, operation);
}

/** `output[i] = operation(input[i])`. */
export function elementary(operation: i32, input: usize, output: usize, count: i32): void {
  start(input, output, count, operation);
  launch(elementaryTask.index, (count + TASK - 1) / TASK);
}

@inline
function testOne(operation: i32, x: f32): bool {
  if (operation == IS_NAN) return x != x;
  if (operation == IS_FINITE) return abs(x) < Infinity;
  return abs(x) == Infinity;
}

function testTask(task: i32): void {
  const operation = argument(OPERATION);
  const first = task * TASK;
  const end = min(first + TASK, argument(COUNT));
  for (let index = first; index < end; index++) {
    const x = load<f32>(<usize>argument(INPUT) + ((<usize>index) << 2));
    store<u8>(<usize>argument(OUTPUT) + <usize>index, u8(testOne(operation, x)));
  }
}

/** `output[i]`, a byte, is 1 where the test holds for `input[i]`. */
export function test(operation: i32, input: usize, output: usize, count: i32): void {
  start(input, output, count, operation);
  launch(testTask.index, (count + TASK - 1) / TASK);
}
