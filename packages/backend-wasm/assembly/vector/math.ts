import { multiplyAdd } from "./simd";

/** Transcendental functions over four lanes, each within 2 units in the last place of the float32 result. */

/**
 * `e^x`. Overflows to infinity above 88.73, is 0 below -87.34, and keeps NaN.
 *
 * Method: Cody and Waite's reduction to `[-ln2 / 2, ln2 / 2]`, then a polynomial of degree 6.
 */
export function exponential(x: v128): v128 {
  const low = f32x4.splat(-87.33654);
  const high = f32x4.splat(88.722839);
  const clamped = f32x4.min(f32x4.max(x, low), high);
  const n = f32x4.nearest(f32x4.mul(clamped, f32x4.splat(1.44269504)));
  let r = multiplyAdd(n, f32x4.splat(-0.693145752), clamped);
  r = multiplyAdd(n, f32x4.splat(-1.42860677e-6), r);
  let p = f32x4.splat(0.00138888);
  p = multiplyAdd(p, r, f32x4.splat(0.00833336));
  p = multiplyAdd(p, r, f32x4.splat(0.0416667));
  p = multiplyAdd(p, r, f32x4.splat(0.16666667));
  p = multiplyAdd(p, r, f32x4.splat(0.5));
  p = multiplyAdd(p, r, f32x4.splat(1));
  p = multiplyAdd(p, r, f32x4.splat(1));
  // 2^128 has no float32: the power is applied in two halves.
  const whole = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(whole, 1);
  const first = i32x4.shl(i32x4.add(half, i32x4.splat(127)), 23);
  const second = i32x4.shl(i32x4.add(i32x4.sub(whole, half), i32x4.splat(127)), 23);
  let y = f32x4.mul(f32x4.mul(p, first), second);
  y = v128.andnot(y, f32x4.lt(x, low));
  y = v128.bitselect(f32x4.splat(f32.MAX_VALUE * 2), y, f32x4.gt(x, high));
  return v128.bitselect(x, y, f32x4.ne(x, x));
}

/** Natural logarithm: -infinity at 0, NaN below it, infinity at infinity; subnormal numbers included. */
export function logarithm(x: v128): v128 {
  const tiny = f32x4.lt(x, f32x4.splat(1.17549435e-38));
  const scaled = v128.bitselect(f32x4.mul(x, f32x4.splat(8388608)), x, tiny);
  const bits = i32x4.sub(scaled, i32x4.splat(0x3f3504f3));
  const exponent = i32x4.shr_s(bits, 23);
  const mantissa = i32x4.add(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  const e = f32x4.sub(f32x4.convert_i32x4_s(exponent), v128.and(tiny, f32x4.splat(23)));
  const f = f32x4.sub(mantissa, f32x4.splat(1));
  const square = f32x4.mul(f, f);
  let p = f32x4.splat(0.070376836);
  p = multiplyAdd(p, f, f32x4.splat(-0.1151461));
  p = multiplyAdd(p, f, f32x4.splat(0.116769984));
  p = multiplyAdd(p, f, f32x4.splat(-0.12420141));
  p = multiplyAdd(p, f, f32x4.splat(0.14249323));
  p = multiplyAdd(p, f, f32x4.splat(-0.16668057));
  p = multiplyAdd(p, f, f32x4.splat(0.20000714));
  p = multiplyAdd(p, f, f32x4.splat(-0.24999994));
  p = multiplyAdd(p, f, f32x4.splat(0.33333331));
  let y = f32x4.mul(f32x4.mul(p, f), square);
  y = multiplyAdd(e, f32x4.splat(-0.00021219444), y);
  y = multiplyAdd(square, f32x4.splat(-0.5), y);
  y = f32x4.add(f, y);
  y = multiplyAdd(e, f32x4.splat(0.693359375), y);
  const infinity = f32x4.splat(f32.MAX_VALUE * 2);
  y = v128.bitselect(infinity, y, f32x4.eq(x, infinity));
  y = v128.bitselect(f32x4.neg(infinity), y, f32x4.eq(x, f32x4.splat(0)));
  return v128.bitselect(f32x4.splat(NaN), y, v128.or(f32x4.lt(x, f32x4.splat(0)), f32x4.ne(x, x)));
}

/** `1 / (1 + e^-x)`. */
@inline
export function sigmoid(x: v128): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exponential(f32x4.neg(x))));
}

/** Hyperbolic tangent: an odd polynomial for `|x| < 0.625`, `1 - 2 / (e^2|x| + 1)` with x's sign elsewhere. */
export function hyperbolicTangent(x: v128): v128 {
  const magnitude = f32x4.abs(x);
  const e = exponential(f32x4.add(magnitude, magnitude));
  let far = f32x4.sub(f32x4.splat(1), f32x4.div(f32x4.splat(2), f32x4.add(e, f32x4.splat(1))));
  far = v128.or(far, v128.and(x, i32x4.splat(0x80000000)));
  const square = f32x4.mul(x, x);
  let p = f32x4.splat(-0.00570498873);
  p = multiplyAdd(p, square, f32x4.splat(0.0206390888));
  p = multiplyAdd(p, square, f32x4.splat(-0.0537397155));
  p = multiplyAdd(p, square, f32x4.splat(0.133314422));
  p = multiplyAdd(p, square, f32x4.splat(-0.333332819));
  const near = multiplyAdd(f32x4.mul(p, square), x, x);
  return v128.bitselect(near, far, f32x4.lt(magnitude, f32x4.splat(0.625)));
}

/** `ln(1 + e^x)`, without overflow: `max(x, 0) + ln(1 + e^-|x|)`. */
@inline
export function softplus(x: v128): v128 {
  const tail = logarithm(f32x4.add(f32x4.splat(1), exponential(f32x4.neg(f32x4.abs(x)))));
  return f32x4.add(f32x4.max(x, f32x4.splat(0)), tail);
}
