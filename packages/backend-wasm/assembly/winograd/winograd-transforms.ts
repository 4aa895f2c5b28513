import { multiplyAdd } from "../vector/simd";

/**
 * One-dimensional transforms of Winograd's minimal filtering F(4, 3), each applied to four channels at once.
 *
 * Six products give four outputs of a filter of three: `y = A'((G g) * (B' d))`, for the points 0, +-a, +-b and infinity.
 * With a = 5/8 and b = 3/2 the rounding error is that of the direct sum; with the textbook's 1 and 2 it is twice that.
 * Source: Lavin and Gray, CVPR 2016; points after Barabasz et al., ACM TOMS 46(4), 2020.
 */
const A: f32 = 0.625;
const B: f32 = 1.5;
const A2: f32 = A * A;
const B2: f32 = B * B;
const A2B2: f32 = A2 * B2;
const AB2: f32 = A * B2;
const A2B: f32 = A2 * B;
const A3: f32 = A2 * A;
const B3: f32 = B2 * B;
/** Norms of the filter transform's rows. */
const N0: f32 = 1 / A2B2;
const NA: f32 = 1 / (2 * A2 * (A2 - B2));
const NB: f32 = 1 / (2 * B2 * (B2 - A2));

@inline
function scaled(factor: f32, value: v128): v128 {
  return f32x4.mul(f32x4.splat(factor), value);
}

/** `sum + factor * value`. */
@inline
function plus(sum: v128, factor: f32, value: v128): v128 {
  return multiplyAdd(f32x4.splat(factor), value, sum);
}

/** `B' d`: six values to six. Strides are bytes. */
@inline
export function transformInput(from: usize, stride: usize, to: usize, toStride: usize): void {
  const d0 = v128.load(from);
  const d1 = v128.load(from + stride);
  const d2 = v128.load(from + stride * 2);
  const d3 = v128.load(from + stride * 3);
  const d4 = v128.load(from + stride * 4);
  const d5 = v128.load(from + stride * 5);
  v128.store(to, plus(plus(d4, -(A2 + B2), d2), A2B2, d0));
  const evenA = plus(d4, -B2, d2);
  const oddA = scaled(A, plus(d3, -B2, d1));
  v128.store(to + toStride, f32x4.add(evenA, oddA));
  v128.store(to + toStride * 2, f32x4.sub(evenA, oddA));
  const evenB = plus(d4, -A2, d2);
  const oddB = scaled(B, plus(d3, -A2, d1));
  v128.store(to + toStride * 3, f32x4.add(evenB, oddB));
  v128.store(to + toStride * 4, f32x4.sub(evenB, oddB));
  v128.store(to + toStride * 5, plus(plus(d5, -(A2 + B2), d3), A2B2, d1));
}

/** `A' m`: six products to four outputs. */
@inline
export function transformProducts(from: usize, stride: usize, to: usize, toStride: usize): void {
  const m1 = v128.load(from + stride);
  const m2 = v128.load(from + stride * 2);
  const m3 = v128.load(from + stride * 3);
  const m4 = v128.load(from + stride * 4);
  const sumA = f32x4.add(m1, m2);
  const differenceA = f32x4.sub(m1, m2);
  const sumB = f32x4.add(m3, m4);
  const differenceB = f32x4.sub(m3, m4);
  v128.store(to, f32x4.add(v128.load(from), f32x4.add(sumA, sumB)));
  v128.store(to + toStride, plus(scaled(A, differenceA), B, differenceB));
  v128.store(to + toStride * 2, plus(scaled(A2, sumA), B2, sumB));
  v128.store(to + toStride * 3, plus(plus(v128.load(from + stride * 5), A3, differenceA), B3, differenceB));
}

/** `A y`: four output gradients to six products' gradients. */
@inline
export function transformOutputGradient(from: usize, stride: usize, to: usize, toStride: usize): void {
  const y0 = v128.load(from);
  const y1 = v128.load(from + stride);
  const y2 = v128.load(from + stride * 2);
  const y3 = v128.load(from + stride * 3);
  v128.store(to, y0);
  const evenA = plus(y0, A2, y2);
  const oddA = scaled(A, plus(y1, A2, y3));
  v128.store(to + toStride, f32x4.add(evenA, oddA));
  v128.store(to + toStride * 2, f32x4.sub(evenA, oddA));
  const evenB = plus(y0, B2, y2);
  const oddB = scaled(B, plus(y1, B2, y3));
  v128.store(to + toStride * 3, f32x4.add(evenB, oddB));
  v128.store(to + toStride * 4, f32x4.sub(evenB, oddB));
  v128.store(to + toStride * 5, y3);
}

/** `B e`: six products' gradients to six input gradients. */
@inline
export function transformInputGradient(from: usize, stride: usize, to: usize, toStride: usize): void {
  const e0 = v128.load(from);
  const e1 = v128.load(from + stride);
  const e2 = v128.load(from + stride * 2);
  const e3 = v128.load(from + stride * 3);
  const e4 = v128.load(from + stride * 4);
  const e5 = v128.load(from + stride * 5);
  const sumA = f32x4.add(e1, e2);
  const differenceA = f32x4.sub(e1, e2);
  const sumB = f32x4.add(e3, e4);
  const differenceB = f32x4.sub(e3, e4);
  v128.store(to, scaled(A2B2, e0));
  v128.store(to + toStride, plus(plus(scaled(A2B2, e5), -AB2, differenceA), -A2B, differenceB));
  v128.store(to + toStride * 2, plus(plus(scaled(-(A2 + B2), e0), -B2, sumA), -A2, sumB));
  v128.store(to + toStride * 3, plus(plus(scaled(-(A2 + B2), e5), A, differenceA), B, differenceB));
  v128.store(to + toStride * 4, f32x4.add(e0, f32x4.add(sumA, sumB)));
  v128.store(to + toStride * 5, e5);
}

/** `G g`: three taps to six. */
@inline
export function transformFilter(from: usize, stride: usize, to: usize, toStride: usize): void {
  const g0 = v128.load(from);
  const g1 = v128.load(from + stride);
  const g2 = v128.load(from + stride * 2);
  v128.store(to, scaled(N0, g0));
  const evenA = scaled(NA, plus(g0, A2, g2));
  const oddA = scaled(NA * A, g1);
  v128.store(to + toStride, f32x4.add(evenA, oddA));
  v128.store(to + toStride * 2, f32x4.sub(evenA, oddA));
  const evenB = scaled(NB, plus(g0, B2, g2));
  const oddB = scaled(NB * B, g1);
  v128.store(to + toStride * 3, f32x4.add(evenB, oddB));
  v128.store(to + toStride * 4, f32x4.sub(evenB, oddB));
  v128.store(to + toStride * 5, g2);
}

/** `G' u`: six sums to the gradients of three taps. */
@inline
export function transformFilterGradient(from: usize, stride: usize, to: usize, toStride: usize): void {
  const u1 = v128.load(from + stride);
  const u2 = v128.load(from + stride * 2);
  const u3 = v128.load(from + stride * 3);
  const u4 = v128.load(from + stride * 4);
  const sumA = scaled(NA, f32x4.add(u1, u2));
  const differenceA = f32x4.sub(u1, u2);
  const sumB = scaled(NB, f32x4.add(u3, u4));
  const differenceB = f32x4.sub(u3, u4);
  v128.store(to, plus(f32x4.add(sumA, sumB), N0, v128.load(from)));
  v128.store(to + toStride, plus(scaled(NA * A, differenceA), NB * B, differenceB));
  v128.store(to + toStride * 2, plus(plus(v128.load(from + stride * 5), A2, sumA), B2, sumB));
}
