import { scratchBytes, scratchPointer } from "./control";
import { addInto, copyFloats, multiplyAdd } from "./simd";

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
@inline function computeTile(
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

@inline function put(output: usize, low: v128, high: v128): void {
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

/** A column of tiles: `output = a * b` for `rows` rows and 8 columns. */
function tiles(
  a: usize,
  rowStride: usize,
  step: usize,
  b: usize,
  bStride: usize,
  depth: i32,
  output: usize,
  outputStride: usize,
  rows: i32,
): void {
  while (rows >= TILE_ROWS) {
    if (TILE_ROWS == 6) tile6(a, rowStride, step, b, bStride, depth, output, outputStride);
    else tile4(a, rowStride, step, b, bStride, depth, output, outputStride);
    a += rowStride * TILE_ROWS;
    output += outputStride * TILE_ROWS;
    rows -= TILE_ROWS;
  }
  if (rows >= 4) {
    tile4(a, rowStride, step, b, bStride, depth, output, outputStride);
    a += rowStride * 4;
    output += outputStride * 4;
    rows -= 4;
  }
  if (rows >= 2) {
    tile2(a, rowStride, step, b, bStride, depth, output, outputStride);
    a += rowStride * 2;
    output += outputStride * 2;
    rows -= 2;
  }
  if (rows >= 1) tile1(a, rowStride, step, b, bStride, depth, output, outputStride);
}

/** The same, `output += a * b`. */
function addTiles(
  a: usize,
  rowStride: usize,
  step: usize,
  b: usize,
  bStride: usize,
  depth: i32,
  output: usize,
  outputStride: usize,
  rows: i32,
): void {
  while (rows >= TILE_ROWS) {
    if (TILE_ROWS == 6) addTile6(a, rowStride, step, b, bStride, depth, output, outputStride);
    else addTile4(a, rowStride, step, b, bStride, depth, output, outputStride);
    a += rowStride * TILE_ROWS;
    output += outputStride * TILE_ROWS;
    rows -= TILE_ROWS;
  }
  if (rows >= 4) {
    addTile4(a, rowStride, step, b, bStride, depth, output, outputStride);
    a += rowStride * 4;
    output += outputStride * 4;
    rows -= 4;
  }
  if (rows >= 2) {
    addTile2(a, rowStride, step, b, bStride, depth, output, outputStride);
    a += rowStride * 2;
    output += outputStride * 2;
    rows -= 2;
  }
  if (rows >= 1) addTile1(a, rowStride, step, b, bStride, depth, output, outputStride);
}

/** Rows that are computed beside the output at once, where they are added to it or only a part of them is wanted. */
const ASIDE_ROWS: i32 = 48;
/** Bytes at the end of each thread's working memory for them, 8 columns wide. */
export const ASIDE_BYTES: i32 = ASIDE_ROWS * 32;

/** As {@link tiles}, for fewer than 8 columns or a sum with what the output holds. */
function tilesAside(
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
): void {
  const buffer = scratchPointer() + scratchBytes() - ASIDE_BYTES;
  for (let first = 0; first < rows; first += ASIDE_ROWS) {
    const count = min(ASIDE_ROWS, rows - first);
    tiles(a + <usize>first * rowStride, rowStride, step, b, bStride, depth, buffer, 32, count);
    let source = buffer;
    for (let row = 0; row < count; row++) {
      if (mode == REPLACE) copyFloats(output, source, columns);
      else if (columns == TILE_COLUMNS) {
        v128.store(output, f32x4.add(v128.load(output), v128.load(source)));
        v128.store(output, f32x4.add(v128.load(output, 16), v128.load(source, 16)), 16);
      } else addInto(output, source, columns);
      output += outputStride;
      source += 32;
    }
  }
}

/** Adds the bias and applies the activation to finished rows, 8 columns wide, while they are in the cache. */
function finish(output: usize, outputStride: usize, rows: i32, bias: usize, activation: i32): void {
  let low = f32x4.splat(0);
  let high = low;
  if (bias != 0) {
    low = v128.load(bias);
    high = v128.load(bias, 16);
  }
  const floor = f32x4.splat(activation == LINEAR ? -Infinity : 0);
  const ceiling = f32x4.splat(activation == RELU6 ? 6 : Infinity);
  for (let row = 0; row < rows; row++) {
    v128.store(output, f32x4.pmin(f32x4.pmax(f32x4.add(v128.load(output), low), floor), ceiling));
    v128.store(output, f32x4.pmin(f32x4.pmax(f32x4.add(v128.load(output, 16), high), floor), ceiling), 16);
    output += outputStride;
  }
}

/** {@link finish} for the columns of the last, narrower panel. */
function finishNarrow(output: usize, outputStride: usize, rows: i32, columns: i32, bias: usize, activation: i32): void {
  for (let row = 0; row < rows; row++) {
    for (let column: usize = 0; column < <usize>columns << 2; column += 4) {
      let value = load<f32>(output + column);
      if (bias != 0) value += load<f32>(bias + column);
      if (activation != LINEAR) value = max<f32>(value, 0);
      if (activation == RELU6) value = min<f32>(value, 6);
      store<f32>(output + column, value);
    }
    output += outputStride;
  }
}

/**
 * `output += a' * b` for a long summed axis and an `a` whose rows are its columns in memory: the filter gradient.
 *
 * Six columns of a are few bytes of many cache lines: with them in the outer loop, and all of b's panels inside, both stay
 * in the first-level cache.
 *
 * @param a first element; the summed axis moves by `step` bytes, its `rows` columns lie side by side
 * @param b first element; rows lie `bStride` bytes apart and may be read 8 wide
 */
export function addOuterProducts(
  a: usize,
  step: usize,
  b: usize,
  bStride: usize,
  depth: i32,
  output: usize,
  outputStride: usize,
  rows: i32,
  columns: i32,
): void {
  for (let row = 0; row < rows; row += TILE_ROWS) {
    const height = min(TILE_ROWS, rows - row);
    for (let column = 0; column < columns; column += TILE_COLUMNS) {
      const width = min(TILE_COLUMNS, columns - column);
      const offset = <usize>column << 2;
      if (width == TILE_COLUMNS) addTiles(a, 4, step, b + offset, bStride, depth, output + offset, outputStride, height);
      else tilesAside(a, 4, step, b + offset, bStride, depth, output + offset, outputStride, height, width, ACCUMULATE);
    }
    a += TILE_ROWS << 2;
    output += outputStride * TILE_ROWS;
  }
}

/**
 * All tiles of a block: `output (+)= a * b` for `rows` rows and `columns` columns, then bias and activation.
 *
 * @param panels b in panels of 8 columns, `panelStride` bytes apart, each `depth` rows of `bStride` bytes, which may be
 *   read 8 wide
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
  const finishes = bias != 0 || activation != LINEAR;
  let first = 0;
  // Once at least: a sum over nothing is 0, and has to be written.
  do {
    const length = min(DEPTH_BLOCK, depth - first);
    const last = finishes && first + length == depth;
    const from = a + <usize>first * step;
    const depthMode = first == 0 ? mode : ACCUMULATE;
    let panel = panels + <usize>first * bStride;
    for (let column = 0; column < columns; column += TILE_COLUMNS) {
      const width = columns - column;
      const to = output + (<usize>column << 2);
      const tileBias: usize = bias == 0 ? 0 : bias + (<usize>column << 2);
      if (width >= TILE_COLUMNS && depthMode == REPLACE) {
        tiles(from, rowStride, step, panel, bStride, length, to, outputStride, rows);
      } else if (width >= TILE_COLUMNS) {
        addTiles(from, rowStride, step, panel, bStride, length, to, outputStride, rows);
      } else {
        const taken = min(TILE_COLUMNS, width);
        tilesAside(from, rowStride, step, panel, bStride, length, to, outputStride, rows, taken, depthMode);
      }
      if (last && width >= TILE_COLUMNS) finish(to, outputStride, rows, tileBias, activation);
      else if (last) finishNarrow(to, outputStride, rows, width, tileBias, activation);
      panel += panelStride;
    }
    first += DEPTH_BLOCK;
  } while (first < depth);
}

/** Writes four runs of four floats, `stride` bytes apart, as the columns of four rows 32 bytes apart. */
@inline function transpose4(source: usize, stride: usize, target: usize): void {
  const a = v128.load(source);
  const b = v128.load(source + stride);
  const c = v128.load(source + stride * 2);
  const d = v128.load(source + stride * 3);
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(target, v128.shuffle<f32>(ab0, cd0, 0, 1, 4, 5));
  v128.store(target, v128.shuffle<f32>(ab0, cd0, 2, 3, 6, 7), 32);
  v128.store(target, v128.shuffle<f32>(ab1, cd1, 0, 1, 4, 5), 64);
  v128.store(target, v128.shuffle<f32>(ab1, cd1, 2, 3, 6, 7), 96);
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
    let row = 0;
    if (width == TILE_COLUMNS && rowStride == 4) {
      for (; row + 4 <= depth; row += 4) {
        transpose4(from, columnStride, to);
        transpose4(from + columnStride * 4, columnStride, to + 16);
        from += 16;
        to += 128;
      }
    }
    for (; row < depth; row++) {
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
