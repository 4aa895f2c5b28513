import { argument, setArgument } from "../runtime/arguments";
import { launch } from "../runtime/control";
import { block } from "./gemm";
import { packPanels } from "./panels";
import { REPLACE, TILE_ROWS } from "./tile";
import { TILE_COLUMNS } from "../../src/codes/tile";

/** Arguments of a batched matrix product. */
const A: usize = 0;
const A_ROW: usize = 1;
const A_STEP: usize = 2;
const A_BATCH: usize = 3;
const B: usize = 4;
const B_ROW: usize = 5;
const B_COLUMN: usize = 6;
const B_BATCH: usize = 7;
const OUTPUT: usize = 8;
const BATCH: usize = 9;
const ROWS: usize = 10;
const COLUMNS: usize = 11;
const DEPTH: usize = 12;
const PANELS: usize = 13;
const BIAS: usize = 14;
const ACTIVATION: usize = 15;
const BLOCK_ROWS: usize = 16;
const PACKED: usize = 17;

@inline
function panelCount(): i32 {
  return (argument(COLUMNS) + TILE_COLUMNS - 1) / TILE_COLUMNS;
}

function packTask(task: i32): void {
  const panels = panelCount();
  const batch = task / panels;
  const panel = task % panels;
  packPanels(
    <usize>argument(B) + <usize>batch * <usize>argument(B_BATCH),
    argument(B_ROW),
    argument(B_COLUMN),
    argument(DEPTH),
    argument(COLUMNS),
    <usize>argument(PANELS) + <usize>batch * ((<usize>(panels * argument(DEPTH))) << 5),
    panel,
    panel + 1,
  );
}

function productTask(task: i32): void {
  const rows = argument(ROWS);
  const columns = argument(COLUMNS);
  const depth = argument(DEPTH);
  const blockRows = argument(BLOCK_ROWS);
  const blocks = (rows + blockRows - 1) / blockRows;
  const batch = task / blocks;
  const first = (task % blocks) * blockRows;
  const packed = argument(PACKED) != 0;
  const sharedB = argument(B_BATCH) == 0;
  const panels = packed
    ? <usize>argument(PANELS) + (sharedB ? 0 : <usize>batch * ((<usize>(panelCount() * depth)) << 5))
    : <usize>argument(B) + <usize>batch * <usize>argument(B_BATCH);
  block(
    <usize>argument(A) + <usize>batch * <usize>argument(A_BATCH) + <usize>first * <usize>argument(A_ROW),
    argument(A_ROW),
    argument(A_STEP),
    panels,
    packed ? (<usize>depth) << 5 : 32,
    packed ? 32 : argument(B_ROW),
    depth,
    <usize>argument(OUTPUT) + ((<usize>((batch * rows + first) * columns)) << 2),
    (<usize>columns) << 2,
    min(blockRows, rows - first),
    columns,
    REPLACE,
    argument(BIAS),
    argument(ACTIVATION),
  );
}

/**
 * `output[batch] = activation(a[batch] * b[batch] + bias)`, float32, any strides.
 *
 * @param aRow bytes between rows of a; `aStep` between its columns; `aBatch` between its matrices, 0 to repeat one
 * @param bRow bytes between rows of b; `bColumn` between its columns; `bBatch` between its matrices, 0 to repeat one
 * @param bias floats for each column, or 0
 * @param panels working memory of `matrices of b * depth * (columns rounded up to 8)` floats, or 0 to read b where it
 *   lies: then `bColumn` is 4 and `columns` a multiple of 8
 */
export function matrixProduct(
  batch: i32,
  rows: i32,
  columns: i32,
  depth: i32,
  a: usize,
  aRow: i32,
  aStep: i32,
  aBatch: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  bBatch: i32,
  output: usize,
  bias: usize,
  activation: i32,
  panels: usize,
): void {
  setArgument(A, <i32>a);
  setArgument(A_ROW, aRow);
  setArgument(A_STEP, aStep);
  setArgument(A_BATCH, aBatch);
  setArgument(B, <i32>b);
  setArgument(B_ROW, bRow);
  setArgument(B_COLUMN, bColumn);
  setArgument(B_BATCH, bBatch);
  setArgument(OUTPUT, <i32>output);
  setArgument(BATCH, batch);
  setArgument(ROWS, rows);
  setArgument(COLUMNS, columns);
  setArgument(DEPTH, depth);
  setArgument(PANELS, <i32>panels);
  setArgument(BIAS, <i32>bias);
  setArgument(ACTIVATION, activation);
  setArgument(PACKED, panels != 0);
  setArgument(BLOCK_ROWS, TILE_ROWS * 4);
  if (panels != 0) launch(packTask.index, (bBatch == 0 ? 1 : batch) * panelCount());
  launch(productTask.index, batch * ((rows + TILE_ROWS * 4 - 1) / (TILE_ROWS * 4)));
}
