import { scratchBytes, scratchPointer } from "../runtime/control";
import { addInto, copyFloats } from "../vector/simd";
import {
  ACCUMULATE,
  REPLACE,
  TILE_ROWS,
  addTile1,
  addTile2,
  addTile4,
  addTile6,
  tile1,
  tile2,
  tile4,
  tile6,
} from "./tile";
import { LINEAR, RELU6 } from "../../src/codes/epilogue";
import { ASIDE_BYTES, TILE_COLUMNS } from "../../src/codes/tile";

/** Matrix products of a block that fits the cache, made of register tiles. */

/** Longest summed axis of one pass: a panel of it stays in the first-level cache. */
const DEPTH_BLOCK: i32 = 640;

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
const ASIDE_ROWS: i32 = ASIDE_BYTES / 32;

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
    for (let column: usize = 0; column < (<usize>columns) << 2; column += 4) {
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
      const offset = (<usize>column) << 2;
      if (width == TILE_COLUMNS)
        addTiles(a, 4, step, b + offset, bStride, depth, output + offset, outputStride, height);
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
      const to = output + ((<usize>column) << 2);
      const tileBias: usize = bias == 0 ? 0 : bias + ((<usize>column) << 2);
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
