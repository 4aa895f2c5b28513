import { InvalidConfigError, ShapeError } from "../errors.ts";
import { HostArray } from "../arrays/host-array.ts";
import { requireHostArray } from "../checks/require-array.ts";
import { formatShape } from "../shapes/shape.ts";
import { type Correlate1dOptions, type Correlate2dOptions, correlate1d, correlate2d } from "./correlate.ts";

/**
 * A filter turned end to end along its first axes: `r[k] = w[m - 1 - k]`; by half a turn where there are two.
 *
 * Channels and filters keep their places.
 *
 * @param axes how many of the first axes are turned: 1 for a sequence's filter, 2 for an image's
 * @throws {ShapeError} the filter has fewer axes.
 */
export function rotateFilter(filter: HostArray, axes: 1 | 2 = 2): HostArray<Float32Array> {
  requireHostArray("rotateFilter", "filter", filter);
  if (axes !== 1 && axes !== 2) throw new InvalidConfigError("rotateFilter", "axes", "1 or 2", axes);
  if (filter.rank < axes) {
    throw new ShapeError("rotateFilter", "filter", `of rank ${axes} or more`, formatShape(filter.shape));
  }
  const [rows = 0, columns = 0] = filter.shape;
  const places = axes === 1 ? rows : rows * columns;
  const entry = filter.size / Math.max(places, 1);
  const rotated = new Float32Array(filter.size);
  // Turning both axes of a matrix is turning its elements' order.
  for (let place = 0; place < places; place++) {
    const from = (places - 1 - place) * entry;
    rotated.set(filter.data.subarray(from, from + entry), place * entry);
  }
  return new HostArray(rotated, filter.shape);
}

/**
 * Convolution proper of a sequence with a filter: {@link correlate1d} with the rotated filter.
 *
 * `y[i] = bias + sum over k of x[i * stride - padding + m - 1 - k] * w[k]` for a filter of length `m`; shapes as in
 * {@link correlate1d}. The two differ only where the filter is not symmetric, and a network that learns its filters
 * cannot tell one from the other.
 * Source: Raschka, Python Machine Learning, 2015, on discrete convolutions.
 *
 * @throws {ShapeError} the shapes do not fit, or the filter is longer than the padded sequence.
 * @throws {InvalidConfigError} an option is unknown or cannot be used.
 */
export function convolve1d(
  sequence: HostArray,
  filter: HostArray,
  options: Correlate1dOptions = {},
): HostArray<Float32Array> {
  return correlate1d(sequence, rotateFilter(filter, 1), options);
}

/**
 * Convolution proper of an image with a filter: {@link correlate2d} with the filter rotated by half a turn.
 *
 * `Y[i, j] = bias + sum over k, l of X[i * stride - padding + m - 1 - k, j * stride - padding + n - 1 - l] * W[k, l]` for a
 * filter of `m` rows and `n` columns; shapes as in {@link correlate2d}.
 * Source: Raschka, Python Machine Learning, 2015, on discrete convolutions.
 *
 * @throws {ShapeError} the shapes do not fit, or the filter is larger than the padded image.
 * @throws {InvalidConfigError} an option is unknown or cannot be used.
 */
export function convolve2d(
  image: HostArray,
  filter: HostArray,
  options: Correlate2dOptions = {},
): HostArray<Float32Array> {
  return correlate2d(image, rotateFilter(filter, 2), options);
}
