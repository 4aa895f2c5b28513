import { argument, setArgument } from "../runtime/arguments";
import { launch } from "../runtime/control";
import { addInto, clear, copyFloats, multiplyAdd } from "../vector/simd";
import { ENTRY_WORDS } from "../../src/codes/resizing";

/**
 * Resizing of NHWC images.
 *
 * Where each output row or column lies in the input is computed by the caller and stands in tables, one entry of three
 * words for each: the nearest or the lower source, the upper source (both int32), and the fraction between them (float32).
 */

const BATCH: usize = 0;
const IN_HEIGHT: usize = 1;
const IN_WIDTH: usize = 2;
const CHANNELS: usize = 3;
const OUT_HEIGHT: usize = 4;
const OUT_WIDTH: usize = 5;
/** The images, or their gradient. */
const IMAGES: usize = 6;
/** The resized images, or their gradient. */
const RESIZED: usize = 7;
const ROW_TABLE: usize = 8;
const COLUMN_TABLE: usize = 9;
const ROWS_PER_TASK: usize = 10;

/** Bytes of a table's entry. */
const ENTRY: usize = 4 * ENTRY_WORDS;
/** Elements that a task should have at least. */
const TASK: i32 = 8192;

export function setResizing(
  batch: i32,
  inHeight: i32,
  inWidth: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  images: usize,
  resized: usize,
  rowTable: usize,
  columnTable: usize,
): void {
  setArgument(BATCH, batch);
  setArgument(IN_HEIGHT, inHeight);
  setArgument(IN_WIDTH, inWidth);
  setArgument(CHANNELS, channels);
  setArgument(OUT_HEIGHT, outHeight);
  setArgument(OUT_WIDTH, outWidth);
  setArgument(IMAGES, <i32>images);
  setArgument(RESIZED, <i32>resized);
  setArgument(ROW_TABLE, <i32>rowTable);
  setArgument(COLUMN_TABLE, <i32>columnTable);
}

@inline
function pixelBytes(): usize {
  return (<usize>argument(CHANNELS)) << 2;
}

/** Runs `task` over `rows` rows of `width` pixels, several at a time where they are short. */
function parallelRows(task: u32, rows: i32, width: i32): void {
  const perTask = max(1, TASK / max(1, width * argument(CHANNELS)));
  setArgument(ROWS_PER_TASK, perTask);
  launch(task, (rows + perTask - 1) / perTask);
}

/** `(1 - row) * upper + row * lower`, each of them `(1 - column) * left + column * right`. */
@inline
function interpolate(topLeft: v128, topRight: v128, left: v128, right: v128, column: v128, row: v128): v128 {
  const top = multiplyAdd(f32x4.sub(topRight, topLeft), column, topLeft);
  const bottom = multiplyAdd(f32x4.sub(right, left), column, left);
  return multiplyAdd(f32x4.sub(bottom, top), row, top);
}

function bilinearTask(task: i32): void {
  const outHeight = argument(OUT_HEIGHT);
  const pixel = pixelBytes();
  const rowBytes = <usize>argument(IN_WIDTH) * pixel;
  const imageBytes = <usize>argument(IN_HEIGHT) * rowBytes;
  const columns = <usize>argument(COLUMN_TABLE);
  const columnsEnd = columns + <usize>argument(OUT_WIDTH) * ENTRY;
  const first = task * argument(ROWS_PER_TASK);
  const end = min(first + argument(ROWS_PER_TASK), argument(BATCH) * outHeight);
  let output = <usize>argument(RESIZED) + <usize>(first * argument(OUT_WIDTH)) * pixel;
  for (let row = first; row < end; row++) {
    const image = <usize>argument(IMAGES) + <usize>(row / outHeight) * imageBytes;
    const rows = <usize>argument(ROW_TABLE) + <usize>(row % outHeight) * ENTRY;
    const top = image + load<usize>(rows) * rowBytes;
    const bottom = image + load<usize>(rows, 4) * rowBytes;
    const rowFraction = v128.load_splat<f32>(rows + 8);
    for (let entry = columns; entry < columnsEnd; entry += ENTRY) {
      const left = load<usize>(entry) * pixel;
      const right = load<usize>(entry, 4) * pixel;
      const columnFraction = v128.load_splat<f32>(entry + 8);
      for (let at: usize = 0; at < pixel; at += 16) {
        const value = interpolate(
          v128.load(top + left + at),
          v128.load(top + right + at),
          v128.load(bottom + left + at),
          v128.load(bottom + right + at),
          columnFraction,
          rowFraction,
        );
        const target = output + at;
        if (at + 16 <= pixel) v128.store(target, value);
        else {
          store<f32>(target, f32x4.extract_lane(value, 0));
          if (at + 4 < pixel) store<f32>(target, f32x4.extract_lane(value, 1), 4);
          if (at + 8 < pixel) store<f32>(target, f32x4.extract_lane(value, 2), 8);
        }
      }
      output += pixel;
    }
  }
}

/** Each output value is interpolated between the four source values around it. */
export function resizeBilinear(): void {
  parallelRows(bilinearTask.index, argument(BATCH) * argument(OUT_HEIGHT), argument(OUT_WIDTH));
}

/** `target += source * factor`. */
@inline
function addScaled(target: usize, source: usize, factor: f32, bytes: usize): void {
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    v128.store(target + at, multiplyAdd(v128.load(source + at), f32x4.splat(factor), v128.load(target + at)));
  }
  for (; at < bytes; at += 4) store<f32>(target + at, load<f32>(target + at) + load<f32>(source + at) * factor);
}

/** The gradient of one input row: every output row that was read from it gives its share. */
function bilinearGradientTask(task: i32): void {
  const inHeight = argument(IN_HEIGHT);
  const outHeight = argument(OUT_HEIGHT);
  const pixel = pixelBytes();
  const inRowBytes = <usize>argument(IN_WIDTH) * pixel;
  const outRowBytes = <usize>argument(OUT_WIDTH) * pixel;
  const columns = <usize>argument(COLUMN_TABLE);
  const columnsEnd = columns + <usize>argument(OUT_WIDTH) * ENTRY;
  const image = task / inHeight;
  const target = <usize>argument(IMAGES) + <usize>task * inRowBytes;
  clear(target, argument(IN_WIDTH) * argument(CHANNELS));
  for (let row = 0; row < outHeight; row++) {
    const rows = <usize>argument(ROW_TABLE) + <usize>row * ENTRY;
    const fraction = load<f32>(rows, 8);
    const isTop = load<i32>(rows) == task % inHeight;
    const isBottom = load<i32>(rows, 4) == task % inHeight;
    if (!isTop && !isBottom) continue;
    const share: f32 = (isTop ? 1 - fraction : 0) + (isBottom ? fraction : 0);
    let gradient = <usize>argument(RESIZED) + <usize>(image * outHeight + row) * outRowBytes;
    for (let entry = columns; entry < columnsEnd; entry += ENTRY) {
      const right = load<f32>(entry, 8) * share;
      addScaled(target + load<usize>(entry) * pixel, gradient, share - right, pixel);
      addScaled(target + load<usize>(entry, 4) * pixel, gradient, right, pixel);
      gradient += pixel;
    }
  }
}

/** The adjoint of {@link resizeBilinear}; each input row is summed by one task, in order. */
export function resizeBilinearGradient(): void {
  launch(bilinearGradientTask.index, argument(BATCH) * argument(IN_HEIGHT));
}

function nearestTask(task: i32): void {
  const outHeight = argument(OUT_HEIGHT);
  const channels = argument(CHANNELS);
  const pixel = pixelBytes();
  const rowBytes = <usize>argument(IN_WIDTH) * pixel;
  const imageBytes = <usize>argument(IN_HEIGHT) * rowBytes;
  const columns = <usize>argument(COLUMN_TABLE);
  const columnsEnd = columns + <usize>argument(OUT_WIDTH) * ENTRY;
  const first = task * argument(ROWS_PER_TASK);
  const end = min(first + argument(ROWS_PER_TASK), argument(BATCH) * outHeight);
  let output = <usize>argument(RESIZED) + <usize>(first * argument(OUT_WIDTH)) * pixel;
  for (let row = first; row < end; row++) {
    const source = load<usize>(<usize>argument(ROW_TABLE) + <usize>(row % outHeight) * ENTRY);
    const values = <usize>argument(IMAGES) + <usize>(row / outHeight) * imageBytes + source * rowBytes;
    for (let entry = columns; entry < columnsEnd; entry += ENTRY) {
      copyFloats(output, values + load<usize>(entry) * pixel, channels);
      output += pixel;
    }
  }
}

/** Each output value is the nearest source value; words are copied, whatever their type. */
export function resizeNearest(): void {
  parallelRows(nearestTask.index, argument(BATCH) * argument(OUT_HEIGHT), argument(OUT_WIDTH));
}

function nearestGradientTask(task: i32): void {
  const inHeight = argument(IN_HEIGHT);
  const outHeight = argument(OUT_HEIGHT);
  const channels = argument(CHANNELS);
  const pixel = pixelBytes();
  const columns = <usize>argument(COLUMN_TABLE);
  const columnsEnd = columns + <usize>argument(OUT_WIDTH) * ENTRY;
  const target = <usize>argument(IMAGES) + <usize>(task * argument(IN_WIDTH)) * pixel;
  clear(target, argument(IN_WIDTH) * channels);
  for (let row = 0; row < outHeight; row++) {
    if (load<i32>(<usize>argument(ROW_TABLE) + <usize>row * ENTRY) != task % inHeight) continue;
    const gradients = <usize>((task / inHeight) * outHeight + row) * <usize>argument(OUT_WIDTH) * pixel;
    let gradient = <usize>argument(RESIZED) + gradients;
    for (let entry = columns; entry < columnsEnd; entry += ENTRY) {
      addInto(target + load<usize>(entry) * pixel, gradient, channels);
      gradient += pixel;
    }
  }
}

/** The adjoint of {@link resizeNearest}. */
export function resizeNearestGradient(): void {
  launch(nearestGradientTask.index, argument(BATCH) * argument(IN_HEIGHT));
}
