import { multiplyAdd } from "../vector/simd";

/**
 * Register tiles of the matrix product.
 *
 * Relaxed SIMD holds 6 x 8 in 12 accumulators; without fused multiply-add a product needs a register of its own, and
 * 4 x 8 is the widest tile that does not spill.
 */
export const TILE_ROWS: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 4;

/** What happens to a finished tile: it replaces the output, or is added to it. */
export const REPLACE: i32 = 0;
export const ACCUMULATE: i32 = 1;

/**
 * One register tile: `output[i][j] = sum over p of a[i][p] * b[p][j]` for `rows` rows and 8 columns.
 *
 * `rows` is a constant where this is inlined. What follows the loop is kept short: values that live across it would take
 * the accumulators' registers.
 *
 * @param a first element; rows lie `rowStride` bytes apart, the summed axis `step` bytes
 * @param b first of 8 columns; rows lie `bStride` bytes apart
 * @param depth length of the summed axis
 */
@inline
function computeTile(
  rows: i32,
  mode: i32,
  a: usize,
  rowStride: usize,
  step: usize,
  b: usize,
  bStride: usize,
  depth: i32,
  output: usize,
  outputStride: usize,
): void {
  const r2 = rowStride * 2;
  const r3 = rowStride * 3;
  const r4 = rowStride * 4;
  const r5 = rowStride * 5;
  const zero = f32x4.splat(0);
  let c00 = mode == ACCUMULATE ? v128.load(output) : zero;
  let c01 = mode == ACCUMULATE ? v128.load(output, 16) : zero;
  let c10 = mode == ACCUMULATE && rows > 1 ? v128.load(output + outputStride) : zero;
  let c11 = mode == ACCUMULATE && rows > 1 ? v128.load(output + outputStride, 16) : zero;
  let c20 = mode == ACCUMULATE && rows > 2 ? v128.load(output + outputStride * 2) : zero;
  let c21 = mode == ACCUMULATE && rows > 2 ? v128.load(output + outputStride * 2, 16) : zero;
  let c30 = mode == ACCUMULATE && rows > 3 ? v128.load(output + outputStride * 3) : zero;
  let c31 = mode == ACCUMULATE && rows > 3 ? v128.load(output + outputStride * 3, 16) : zero;
  let c40 = mode == ACCUMULATE && rows > 4 ? v128.load(output + outputStride * 4) : zero;
  let c41 = mode == ACCUMULATE && rows > 4 ? v128.load(output + outputStride * 4, 16) : zero;
  let c50 = mode == ACCUMULATE && rows > 5 ? v128.load(output + outputStride * 5) : zero;
  let c51 = mode == ACCUMULATE && rows > 5 ? v128.load(output + outputStride * 5, 16) : zero;
  for (let p = 0; p < depth; p++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load_splat<f32>(a);
    c00 = multiplyAdd(a0, b0, c00);
    c01 = multiplyAdd(a0, b1, c01);
    if (rows > 1) {
      const a1 = v128.load_splat<f32>(a + rowStride);
      c10 = multiplyAdd(a1, b0, c10);
      c11 = multiplyAdd(a1, b1, c11);
    }
    if (rows > 2) {
      const a2 = v128.load_splat<f32>(a + r2);
      c20 = multiplyAdd(a2, b0, c20);
      c21 = multiplyAdd(a2, b1, c21);
    }
    if (rows > 3) {
      const a3 = v128.load_splat<f32>(a + r3);
      c30 = multiplyAdd(a3, b0, c30);
      c31 = multiplyAdd(a3, b1, c31);
    }
    if (rows > 4) {
      const a4 = v128.load_splat<f32>(a + r4);
      c40 = multiplyAdd(a4, b0, c40);
      c41 = multiplyAdd(a4, b1, c41);
    }
    if (rows > 5) {
      const a5 = v128.load_splat<f32>(a + r5);
      c50 = multiplyAdd(a5, b0, c50);
      c51 = multiplyAdd(a5, b1, c51);
    }
    a += step;
    b += bStride;
  }
  put(output, c00, c01);
  if (rows > 1) put(output + outputStride, c10, c11);
  if (rows > 2) put(output + outputStride * 2, c20, c21);
  if (rows > 3) put(output + outputStride * 3, c30, c31);
  if (rows > 4) put(output + outputStride * 4, c40, c41);
  if (rows > 5) put(output + outputStride * 5, c50, c51);
}

@inline
function put(output: usize, low: v128, high: v128): void {
  v128.store(output, low);
  v128.store(output, high, 16);
}

// Exported, so that the optimizer does not inline them, and without a branch or a sum after the loop: any of these makes
// the accumulators of the widest tile spill to the stack inside it.

export function tile1(
  a: usize,
  rowStride: usize,
  step: usize,
  b: usize,
  bStride: usize,
  depth: i32,
  output: usize,
  outputStride: usize,
): void {
  computeTile(1, REPLACE, a, rowStride, step, b, bStride, depth, output, outputStride);
}

export function tile2(
  a: usize,
  rowStride: usize,
  step: usize,
  b: usize,
  bStride: usize,
  depth: i32,
  output: usize,
  outputStride: usize,
): void {
  computeTile(2, REPLACE, a, rowStride, step, b, bStride, depth, output, outputStride);
}

export function tile4(
  a: usize,
  rowStride: usize,
  step: usize,
  b: usize,
  bStride: usize,
  depth: i32,
  output: usize,
  outputStride: usize,
): void {
  computeTile(4, REPLACE, a, rowStride, step, b, bStride, depth, output, outputStride);
}

export function tile6(
  a: usize,
  rowStride: usize,
  step: usize,
  b: usize,
  bStride: usize,
  depth: i32,
  output: usize,
  outputStride: usize,
): void {
  computeTile(6, REPLACE, a, rowStride, step, b, bStride, depth, output, outputStride);
}

export function addTile1(
  a: usize,
  rowStride: usize,
  step: usize,
  b: usize,
  bStride: usize,
  depth: i32,
  output: usize,
  outputStride: usize,
): void {
  computeTile(1, ACCUMULATE, a, rowStride, step, b, bStride, depth, output, outputStride);
}

export function addTile2(
  a: usize,
  rowStride: usize,
  step: usize,
  b: usize,
  bStride: usize,
  depth: i32,
  output: usize,
  outputStride: usize,
): void {
  computeTile(2, ACCUMULATE, a, rowStride, step, b, bStride, depth, output, outputStride);
}

export function addTile4(
  a: usize,
  rowStride: usize,
  step: usize,
  b: usize,
  bStride: usize,
  depth: i32,
  output: usize,
  outputStride: usize,
): void {
  computeTile(4, ACCUMULATE, a, rowStride, step, b, bStride, depth, output, outputStride);
}

export function addTile6(
  a: usize,
  rowStride: usize,
  step: usize,
  b: usize,
  bStride: usize,
  depth: i32,
  output: usize,
  outputStride: usize,
): void {
  computeTile(6, ACCUMULATE, a, rowStride, step, b, bStride, depth, output, outputStride);
}
