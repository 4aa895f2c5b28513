import { type OptionNames, checkOptions } from "../checks/check-options.ts";
import type { Padding } from "../shapes/convolution.ts";
import { InvalidConfigError, ShapeError } from "../errors.ts";
import { HostArray } from "../arrays/host-array.ts";
import { requireHostArray } from "../checks/require-array.ts";
import { formatShape } from "../shapes/shape.ts";
import { type WindowAxis, bothAxes, slideWindow } from "./window.ts";

/** How a filter slides over a sequence. */
export interface Correlate1dOptions {
  /** Elements that the filter moves on at each step. Default: 1. */
  readonly stride?: number;
  /** `valid`, `same`, or how many zeros stand before and after the sequence. Default: `valid`. */
  readonly padding?: Padding | number;
  /** Added to every output: one number, or one a filter. Default: 0. */
  readonly bias?: number | readonly number[];
}

/** How a filter slides over an image; a pair is for rows, then columns. */
export interface Correlate2dOptions {
  /** Pixels that the filter moves on at each step. Default: 1. */
  readonly stride?: number | readonly [rows: number, columns: number];
  /** `valid`, `same`, or how many zeros stand on each side. Default: `valid`. */
  readonly padding?: Padding | number | readonly [rows: Padding | number, columns: Padding | number];
  /** Added to every output: one number, or one a filter. Default: 0. */
  readonly bias?: number | readonly number[];
}

/** The options of {@link correlate1d} and {@link correlate2d}. */
export const correlateOptions: OptionNames<Correlate1dOptions> = { stride: true, padding: true, bias: true };

/**
 * Cross-correlation of a sequence with a filter: what networks call a 1-D convolution.
 *
 * `y[i, f] = bias[f] + sum over k, c of x[i * stride - padding + k, c] * w[k, c, f]`, zero outside the sequence. Sums are
 * taken in double precision and rounded once.
 * Shapes: x `[n]` with w `[m]` gives `[o]`; x `[n, channels]` with w `[m, channels]` gives `[o]`, and with w
 * `[m, channels, filters]` gives `[o, filters]`; `o` is `convolutionOutputSize(n, m, stride, padding)`.
 * Source: Dumoulin and Visin, arXiv 1603.07285, 2016; Keras `Conv1D`.
 *
 * @throws {ShapeError} the shapes are none of these, or the filter is longer than the padded sequence.
 * @throws {InvalidConfigError} an option is unknown or cannot be used.
 */
export function correlate1d(
  sequence: HostArray,
  filter: HostArray,
  options: Correlate1dOptions = {},
): HostArray<Float32Array> {
  const owner = "correlate1d";
  checkOptions(owner, options, correlateOptions);
  const channels = checkFilter(owner, sequence, filter, 1);
  const [length = 0] = sequence.shape;
  const [size = 0] = filter.shape;
  const rows = slideWindow(owner, length, size, options.stride ?? 1, options.padding ?? "valid");
  const filters = filter.size / Math.max(size * channels, 1);
  const output = slide(sequence, filter, rows, single, channels, biases(owner, options.bias, filters));
  return new HostArray(output, filter.rank === 3 ? [rows.count, filters] : [rows.count]);
}

/**
 * Cross-correlation of an image with a filter: what networks call a convolution.
 *
 * `y[i, j, f] = bias[f] + sum over k, l, c of x[i * stride - padding + k, j * stride - padding + l, c] * w[k, l, c, f]`,
 * zero outside the image. Sums are taken in double precision and rounded once.
 * Shapes: x `[height, width]` with w `[rows, columns]` gives one map; x `[height, width, channels]` with w
 * `[rows, columns, channels]` gives one map, and with w `[rows, columns, channels, filters]`, Keras's layout, gives
 * `[..., filters]`; a map's sides are `convolutionOutputSize`.
 * Source: Dumoulin and Visin, arXiv 1603.07285, 2016; Keras `Conv2D`.
 *
 * @throws {ShapeError} the shapes are none of these, or the filter is larger than the padded image.
 * @throws {InvalidConfigError} an option is unknown or cannot be used.
 */
export function correlate2d(
  image: HostArray,
  filter: HostArray,
  options: Correlate2dOptions = {},
): HostArray<Float32Array> {
  const owner = "correlate2d";
  checkOptions(owner, options, correlateOptions);
  const channels = checkFilter(owner, image, filter, 2);
  const [height = 0, width = 0] = image.shape;
  const [filterHeight = 0, filterWidth = 0] = filter.shape;
  const [rowStride, columnStride] = bothAxes(options.stride ?? 1);
  const [rowPadding, columnPadding] = bothAxes<Padding | number>(options.padding ?? "valid");
  const rows = slideWindow(owner, height, filterHeight, rowStride, rowPadding);
  const columns = slideWindow(owner, width, filterWidth, columnStride, columnPadding);
  const filters = filter.size / Math.max(filterHeight * filterWidth * channels, 1);
  const output = slide(image, filter, rows, columns, channels, biases(owner, options.bias, filters));
  const map = [rows.count, columns.count];
  return new HostArray(output, filter.rank === 4 ? [...map, filters] : map);
}

/** The second axis of a sequence. */
const single: WindowAxis = { length: 1, window: 1, count: 1, startAt: () => 0 };

/** Number of channels. @param axes number of axes that the filter slides along */
function checkFilter(owner: string, data: HostArray, filter: HostArray, axes: 1 | 2): number {
  requireHostArray(owner, axes === 1 ? "sequence" : "image", data);
  requireHostArray(owner, "filter", filter);
  if (data.rank !== axes && data.rank !== axes + 1) {
    throw new ShapeError(owner, "input", `of rank ${axes}, or ${axes + 1} with channels`, formatShape(data.shape));
  }
  const channels = data.rank === axes ? 1 : (data.shape[axes] ?? 0);
  const fits = data.rank === axes ? filter.rank === axes : filter.shape[axes] === channels && filter.rank <= axes + 2;
  if (!fits) {
    const sides = axes === 1 ? ["m"] : ["rows", "columns"];
    const expected =
      data.rank === axes
        ? `(${sides.join(", ")}), as the input has no channels`
        : `(${[...sides, channels].join(", ")}) or (${[...sides, channels, "filters"].join(", ")})`;
    throw new ShapeError(owner, "filter", expected, formatShape(filter.shape));
  }
  return channels;
}

function biases(owner: string, bias: number | readonly number[] = 0, filters: number): readonly number[] {
  const list = typeof bias === "number" ? new Array<number>(filters).fill(bias) : bias;
  if (!(Array.isArray(list) && list.length === filters && list.every((each) => typeof each === "number")))
    throw new InvalidConfigError(owner, "bias", `one number, or ${filters}`, bias);
  return list;
}

function slide(
  data: HostArray,
  filter: HostArray,
  rows: WindowAxis,
  columns: WindowAxis,
  channels: number,
  bias: readonly number[],
): Float32Array<ArrayBuffer> {
  const output = new Float32Array(rows.count * columns.count * bias.length);
  let position = 0;
  for (let row = 0; row < rows.count; row++) {
    for (let column = 0; column < columns.count; column++) {
      for (const [index, first] of bias.entries()) {
        output[position++] =
          first +
          dotProduct(data, filter, rows, columns, channels, {
            top: rows.startAt(row),
            left: columns.startAt(column),
            index,
            filters: bias.length,
          });
      }
    }
  }
  return output;
}

/** One window's corner, and which of how many filters lies on it. */
interface Place {
  readonly top: number;
  readonly left: number;
  readonly index: number;
  readonly filters: number;
}

function dotProduct(
  data: HostArray,
  filter: HostArray,
  rows: WindowAxis,
  columns: WindowAxis,
  channels: number,
  { top, left, index, filters }: Place,
): number {
  let sum = 0;
  for (let k = 0; k < rows.window; k++) {
    if (top + k < 0 || top + k >= rows.length) continue;
    for (let l = 0; l < columns.window; l++) {
      if (left + l < 0 || left + l >= columns.length) continue;
      const element = ((top + k) * columns.length + left + l) * channels;
      const weight = (k * columns.window + l) * channels;
      for (let channel = 0; channel < channels; channel++) {
        sum += (data.data[element + channel] ?? 0) * (filter.data[(weight + channel) * filters + index] ?? 0);
      }
    }
  }
  return sum;
}
