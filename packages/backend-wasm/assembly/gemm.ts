import { multiplyAdd } from "./simd";

/**
 * Register tiles of the matrix product.
 *
 * Relaxed SIMD holds 6 x 8 in 12 accumulators; without fused multiply-add a product needs a register of its own, and
 * 4 x 8 is the widest tile that does not spill.
 */
export const TILE_ROWS: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 4;
export const TILE_COLUMNS: i32 = 8;

/** Longest summed axis of one pass: a panel of it stays in the first-level cache. */
const DEPTH_BLOCK: i32 = 640;

/** What happens to a finished tile: it replaces the output, or is added to it. */
export const REPLACE: i32 = 0;
export const ACCUMULATE: i32 = 1;

/** Activations that the epilogue applies. */
export const LINEAR: i32 = 0;
export const RELU: i32 = 1;
export const RELU6: i32 = 2;

@inline function finish(value: v128, activation: i32): v128 {
  if (activation == LINEAR) return value;
  const positive = f32x4.max(value, f32x4.splat(0));
  return activation == RELU6 ? f32x4.min(positive, f32x4.splat(6)) : positive;
}

@inline function put(
  output: usize,
  low: v128,
  high: v128,
  columns: i32,
  mode: i32,
  biasLow: v128,
  biasHigh: v128,
  activation: i32,
): void {
  low = f32x4.add(low, biasLow);
  high = f32x4.add(high, biasHigh);
  if (columns == TILE_COLUMNS) {
    if (mode == ACCUMULATE) {
      low = f32x4.add(low, v128.load(output));
      high = f32x4.add(high, v128.load(output, 16));
    }
    v128.store(output, finish(low, activation));
    v128.store(output, finish(high, activation), 16);
    return;
  }
  for (let column = 0; column < columns; column++) {
    let value = column == 0 ? f32x4.extract_lane(low, 0)
      : column == 1 ? f32x4.extract_lane(low, 1)
      : column == 2 ? f32x4.extract_lane(low, 2)
      : column == 3 ? f32x4.extract_lane(low, 3)
      : column == 4 ? f32x4.extract_lane(high, 0)
      : column == 5 ? f32x4.extract_lane(high, 1)
      : f32x4.extract_lane(high, 2);
    const address = output + (<usize>column << 2);
    if (mode == ACCUMULATE) value += load<f32>(address);
    if (activation != LINEAR) {
      value = max<f32>(value, 0);
      if (activation == RELU6) value = min<f32>(value, 6);
    }
    store<f32>(address, value);
  }
}

/**
 * One register tile: `output[i][j] (+)= sum over p of a[i][p] * b[p][j]`, then bias and activation.
 *
 * @param a first element; rows lie `rowStride` bytes apart, the summed axis `step` bytes
 * @param b first of 8 columns; rows lie `bStride` bytes apart and may be read 8 wide
 * @param depth length of the summed axis
 * @param rows rows to write, 1 to TILE_ROWS
 * @param columns columns to write, 1 to 8
 * @param bias 8 floats or 0 for none
 */
export function tile(
  a: usize,
  rowStride: usize,
  step: usize,
  b: usize,
  bStride: usize,
  depth: i32,
  output: usize,
  outputStride: usize,
  rows: i32,
  columns: i32,
  mode: i32,
  bias: usize,
  activation: i32,
): void {
  // Rows past the last repeat the first, so that one loop serves every height.
  const r1: usize = rows > 1 ? rowStride : 0;
  const r2: usize = rows > 2 ? rowStride * 2 : 0;
  const r3: usize = rows > 3 ? rowStride * 3 : 0;
  const r4: usize = rows > 4 ? rowStride * 4 : 0;
  const r5: usize = rows > 5 ? rowStride * 5 : 0;
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  let c40 = c00;
  let c41 = c00;
  let c50 = c00;
  let c51 = c00;
  for (let p = 0; p < depth; p++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load_splat<f32>(a);
    c00 = multiplyAdd(a0, b0, c00);
    c01 = multiplyAdd(a0, b1, c01);
    const a1 = v128.load_splat<f32>(a + r1);
    c10 = multiplyAdd(a1, b0, c10);
    c11 = multiplyAdd(a1, b1, c11);
    const a2 = v128.load_splat<f32>(a + r2);
    c20 = multiplyAdd(a2, b0, c20);
    c21 = multiplyAdd(a2, b1, c21);
    const a3 = v128.load_splat<f32>(a + r3);
    c30 = multiplyAdd(a3, b0, c30);
    c31 = multiplyAdd(a3, b1, c31);
    if (TILE_ROWS == 6) {
      const a4 = v128.load_splat<f32>(a + r4);
      c40 = multiplyAdd(a4, b0, c40);
      c41 = multiplyAdd(a4, b1, c41);
      const a5 = v128.load_splat<f32>(a + r5);
      c50 = multiplyAdd(a5, b0, c50);
      c51 = multiplyAdd(a5, b1, c51);
    }
    a += step;
    b += bStride;
  }
  let bias0 = f32x4.splat(0);
  let bias1 = bias0;
  if (bias != 0) {
    bias0 = v128.load(bias);
    bias1 = v128.load(bias, 16);
  }
  put(output, c00, c01, columns, mode, bias0, bias1, activation);
  if (rows > 1) put(output + outputStride, c10, c11, columns, mode, bias0, bias1, activation);
  if (rows > 2) put(output + outputStride * 2, c20, c21, columns, mode, bias0, bias1, activation);
  if (rows > 3) put(output + outputStride * 3, c30, c31, columns, mode, bias0, bias1, activation);
  if (TILE_ROWS == 6) {
    if (rows > 4) put(output + outputStride * 4, c40, c41, columns, mode, bias0, bias1, activation);
    if (rows > 5) put(output + outputStride * 5, c50, c51, columns, mode, bias0, bias1, activation);
  }
}

/**
 * All tiles of a block: `output (+)= a * b` for `rows` rows and `columns` columns.
 *
 * @param panels b in panels of 8 columns, `panelStride` bytes apart, each `depth` rows of `bStride` bytes
 * @param bias as many floats as columns rounded up to 8, or 0
 */
export function block(
  a: usize,
  rowStride: usize,
  step: usize,
  panels: usize,
  panelStride: usize,
  bStride: usize,
  depth: i32,
  output: usize,
  outputStride: usize,
  rows: i32,
  columns: i32,
  mode: i32,
  bias: usize,
  activation: i32,
): void {
  if (depth > DEPTH_BLOCK) {
    for (let first = 0; first < depth; first += DEPTH_BLOCK) {
      const last = first + DEPTH_BLOCK >= depth;
      block(
        a + <usize>first * step,
        rowStride,
        step,
        panels + <usize>first * bStride,
        panelStride,
        bStride,
        min(DEPTH_BLOCK, depth - first),
        output,
        outputStride,
        rows,
        columns,
        first == 0 ? mode : ACCUMULATE,
        last ? bias : 0,
        last ? activation : LINEAR,
      );
    }
    return;
  }
  for (let column = 0; column < columns; column += TILE_COLUMNS) {
    const width = min(TILE_COLUMNS, columns - column);
    const tileBias: usize = bias == 0 ? 0 : bias + (<usize>column << 2);
    for (let row = 0; row < rows; row += TILE_ROWS) {
      tile(
        a + <usize>row * rowStride,
        rowStride,
        step,
        panels,
        bStride,
        depth,
        output + <usize>row * outputStride + (<usize>column << 2),
        outputStride,
        min(TILE_ROWS, rows - row),
        width,
        mode,
        tileBias,
        activation,
      );
    }
    panels += panelStride;
  }
}

/**
 * Copies `depth x columns` elements into panels of 8 columns, zeros past the last column.
 *
 * @param rowStride bytes between rows of the source
 * @param columnStride bytes between its columns: 4, or more for a transposed source
 */
export function packPanels(
  source: usize,
  rowStride: usize,
  columnStride: usize,
  depth: i32,
  columns: i32,
  target: usize,
  firstPanel: i32,
  lastPanel: i32,
): void {
  for (let panel = firstPanel; panel < lastPanel; panel++) {
    const column = panel * TILE_COLUMNS;
    const width = min(TILE_COLUMNS, columns - column);
    let from = source + <usize>column * columnStride;
    let to = target + <usize>panel * (<usize>depth << 5);
    for (let row = 0; row < depth; row++) {
      if (width == TILE_COLUMNS && columnStride == 4) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
      } else {
        for (let lane = 0; lane < TILE_COLUMNS; lane++) {
          const value: f32 = lane < width ? load<f32>(from + <usize>lane * columnStride) : 0;
          store<f32>(to + (<usize>lane << 2), value);
        }
      }
      from += rowStride;
      to += 32;
    }
  }
}
