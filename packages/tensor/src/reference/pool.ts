import { type OptionNames, checkOptions } from "../checks/check-options.ts";
import type { Padding } from "../shapes/convolution.ts";
import { ShapeError } from "../errors.ts";
import { HostArray } from "../arrays/host-array.ts";
import { requireHostArray } from "../checks/require-array.ts";
import { formatShape } from "../shapes/shape.ts";
import { bothAxes, requireInteger, slideWindow } from "./window.ts";

/** How a window slides over an image; a pair is for rows, then columns. */
export interface Pool2dOptions {
  /** Sides of the window. Default: 2. */
  readonly poolSize?: number | readonly [rows: number, columns: number];
  /** Pixels that the window moves on at each step. Default: the window's sides, so that windows do not overlap. */
  readonly stride?: number | readonly [rows: number, columns: number];
  /** `valid` leaves out what fills no window; `same` lets windows reach over the edge. Default: `valid`. */
  readonly padding?: Padding;
}

const poolOptions: OptionNames<Pool2dOptions> = { poolSize: true, stride: true, padding: true };

/**
 * The largest pixel of each window.
 *
 * `y[i, j, c] = max over k, l of x[i * stride - padding + k, j * stride - padding + l, c]`, over the pixels that are there.
 * Shapes: `[height, width]` or `[height, width, channels]`; sides become `convolutionOutputSize`.
 * Source: Keras `MaxPooling2D`.
 *
 * @throws {ShapeError} the image has another rank, or is smaller than the window.
 * @throws {InvalidConfigError} an option is unknown or cannot be used.
 */
export function maxPool2d(image: HostArray, options: Pool2dOptions = {}): HostArray<Float32Array> {
  return pool("maxPool2d", image, options, (values) => values.reduce((most, value) => Math.max(most, value)));
}

/**
 * The mean of each window.
 *
 * `y[i, j, c] = mean over k, l of x[i * stride - padding + k, j * stride - padding + l, c]`, over the pixels that are there:
 * padding does not count. Shapes as in {@link maxPool2d}.
 * Source: Keras `AveragePooling2D`.
 *
 * @throws {ShapeError} the image has another rank, or is smaller than the window.
 * @throws {InvalidConfigError} an option is unknown or cannot be used.
 */
export function averagePool2d(image: HostArray, options: Pool2dOptions = {}): HostArray<Float32Array> {
  return pool(
    "averagePool2d",
    image,
    options,
    (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  );
}

function pool(
  owner: string,
  image: HostArray,
  options: Pool2dOptions,
  summarize: (values: readonly number[]) => number,
): HostArray<Float32Array> {
  checkOptions(owner, options, poolOptions);
  requireHostArray(owner, "image", image);
  if (image.rank !== 2 && image.rank !== 3) {
    throw new ShapeError(owner, "image", "of rank 2, or 3 with channels", formatShape(image.shape));
  }
  const { poolSize = 2, padding = "valid" } = options;
  const [height = 0, width = 0, channels = 1] = image.shape;
  const [poolHeight, poolWidth] = bothAxes(poolSize);
  for (const side of [poolHeight, poolWidth]) requireInteger(owner, "poolSize", side, 1);
  const [rowStride, columnStride] = bothAxes(options.stride ?? poolSize);
  const rows = slideWindow(owner, height, poolHeight, rowStride, padding);
  const columns = slideWindow(owner, width, poolWidth, columnStride, padding);
  const output = new Float32Array(rows.count * columns.count * channels);
  let position = 0;
  for (let row = 0; row < rows.count; row++) {
    const [top, bottom] = inside(rows.startAt(row), poolHeight, height);
    for (let column = 0; column < columns.count; column++) {
      const [left, right] = inside(columns.startAt(column), poolWidth, width);
      for (let channel = 0; channel < channels; channel++) {
        const values: number[] = [];
        for (let y = top; y < bottom; y++) {
          for (let x = left; x < right; x++) {
            values.push(image.data[(y * width + x) * channels + channel] ?? Number.NaN);
          }
        }
        output[position++] = summarize(values);
      }
    }
  }
  return new HostArray(output, [rows.count, columns.count, ...image.shape.slice(2)]);
}

/** The part of a window that lies on its axis. */
function inside(start: number, window: number, length: number): [start: number, end: number] {
  return [Math.max(start, 0), Math.min(start + window, length)];
}
