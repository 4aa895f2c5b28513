import { LINEAR, RELU6 } from "../../src/codes/epilogue";

/**
 * The largest of a window of 2 x 2, and which of its elements that is: a byte, `2 * row + column`, the first of equal ones.
 * NaN does not count; without any other value the largest is -infinity.
 */

@inline
export function largestOfFour(a: v128, b: v128, c: v128, d: v128): v128 {
  return f32x4.pmax(f32x4.pmax(f32x4.pmax(f32x4.pmax(f32x4.splat(-Infinity), a), b), c), d);
}

@inline
export function chosenOfFour(a: v128, b: v128, c: v128, d: v128): v128 {
  const one = f32x4.pmax(f32x4.splat(-Infinity), a);
  const two = f32x4.pmax(one, b);
  const three = f32x4.pmax(two, c);
  let at = v128.and(i32x4.splat(1), f32x4.lt(one, b));
  at = v128.bitselect(i32x4.splat(2), at, f32x4.lt(two, c));
  return v128.bitselect(i32x4.splat(3), at, f32x4.lt(three, d));
}

/** Gradients of pooled outputs of an activation, zero where it held them at 0, or ReLU6 at 6. */
@inline
export function letThrough(gradient: v128, pooled: usize, activation: i32): v128 {
  if (activation == LINEAR) return gradient;
  const value = v128.load(pooled);
  const slope = v128.and(gradient, f32x4.gt(value, f32x4.splat(0)));
  return activation == RELU6 ? v128.and(slope, f32x4.lt(value, f32x4.splat(6))) : slope;
}
