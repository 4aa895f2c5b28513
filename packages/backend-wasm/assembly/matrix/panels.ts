import { TILE_COLUMNS } from "../../src/codes/tile";

/** Writes four runs of four floats, `stride` bytes apart, as the columns of four rows 32 bytes apart. */
@inline
function transpose4(source: usize, stride: usize, target: usize): void {
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
    let to = target + <usize>panel * ((<usize>depth) << 5);
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
          store<f32>(to + ((<usize>lane) << 2), value);
        }
      }
      from += rowStride;
      to += 32;
    }
  }
}
