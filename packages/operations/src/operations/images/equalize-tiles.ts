import * as tf from "@tensorflow/tfjs-core";
import { countValues, lookUp, steps } from "./histograms.ts";

/** Values that are told apart. */
const bins = 256;

/**
 * Equalizes histograms of the tiles of images, whose values lie in [0, 255].
 *
 * Each tile has a table of what its values become; a pixel takes from the tables of the four tiles nearest to it.
 * Shape: `[batch, height, width, channels]` to the same shape.
 * Source: Keras `ContrastLimitedAdaptiveHistogramEqualization`.
 *
 * @param grid tiles from top to bottom and from left to right
 * @param clipLimit how many times the mean a value may count; 0 or less for no limit
 */
export function equalizeTiles(
  images: tf.Tensor,
  [rows, columns]: readonly [number, number],
  clipLimit: number,
): tf.Tensor {
  const [batch = 1, height = 1, width = 1, channels = 1] = images.shape;
  const [tileHeight, tileWidth] = [Math.ceil(height / rows), Math.ceil(width / columns)];
  const columnStride = bins * channels;
  const rowStride = columnStride * columns;
  const pixels = tf.add(
    tf.add(tf.cast(tf.clipByValue(images, 0, 255), "int32"), steps(channels, bins, 3)),
    steps(batch, rowStride * rows, 0),
  );
  const whole = mirrorTo(mirrorTo(pixels, 1, tileHeight * rows), 2, tileWidth * columns);
  const tileOf = (length: number, size: number, stride: number): Int32Array =>
    Int32Array.from({ length }, (_, index) => Math.floor(index / size) * stride);
  const places = tf.add(
    tf.add(whole, tf.tensor(tileOf(tileHeight * rows, tileHeight, rowStride), [1, tileHeight * rows, 1, 1], "int32")),
    tf.tensor(tileOf(tileWidth * columns, tileWidth, columnStride), [1, 1, tileWidth * columns, 1], "int32"),
  );
  const counts = countValues(places, batch * rows * columns * channels, bins);
  const table = tilesTable(counts, tileHeight * tileWidth, clipLimit);

  const vertical = neighbors(height, tileHeight, rows, rowStride, 1);
  const horizontal = neighbors(width, tileWidth, columns, columnStride, 2);
  const value = (row: tf.Tensor, column: tf.Tensor): tf.Tensor => lookUp(table, tf.add(tf.add(pixels, row), column));
  const between = (row: tf.Tensor): tf.Tensor =>
    mix(value(row, horizontal.before), value(row, horizontal.after), horizontal.weight);
  return mix(between(vertical.before), between(vertical.after), vertical.weight);
}

/** What each value becomes: the share of smaller ones, their counts cut at the limit and the excess spread over all. */
function tilesTable(counts: tf.Tensor, pixels: number, clipLimit: number): tf.Tensor {
  const limit = (clipLimit * pixels) / bins;
  const clipped = clipLimit > 0 ? tf.minimum(counts, limit) : counts;
  const excess = tf.sum(tf.sub(counts, clipped), 1, true);
  const sums = tf.cumsum(clipLimit > 0 ? tf.add(clipped, tf.div(excess, bins)) : counts, 1);
  const least = tf.min(sums, 1, true);
  const others = tf.sub(pixels, least);
  const divisor = tf.where(tf.equal(others, 0), tf.onesLike(others), others);
  return tf.clipByValue(tf.div(tf.mul(tf.sub(sums, least), 255), divisor), 0, 255);
}

/** For each pixel along an axis the tiles whose middles lie before and behind it, and how much the latter counts. */
function neighbors(length: number, size: number, tiles: number, stride: number, axis: 1 | 2) {
  const shape = [1, 1, 1, 1];
  shape[axis] = length;
  const positions = Float32Array.from({ length }, (_, index) => (index - size / 2) / size);
  const tile = (offset: number): tf.Tensor => {
    const indices = Int32Array.from(
      positions,
      (position) => Math.min(Math.max(Math.floor(position) + offset, 0), tiles - 1) * stride,
    );
    return tf.tensor(indices, shape, "int32");
  };
  const weight = tf.tensor(
    positions.map((position) => position - Math.floor(position)),
    shape,
  );
  return { before: tile(0), after: tile(1), weight };
}

function mix(first: tf.Tensor, second: tf.Tensor, weight: tf.Tensor): tf.Tensor {
  return tf.add(tf.mul(first, tf.sub(1, weight)), tf.mul(second, weight));
}

/** Goes on along an axis with the mirror image: `abc` as `abc|cba|abc`. */
function mirrorTo(pixels: tf.Tensor, axis: 1 | 2, length: number): tf.Tensor {
  const own = pixels.shape[axis] ?? 1;
  if (own === length) return pixels;
  const indices = Int32Array.from({ length }, (_, index) => {
    const place = index % (2 * own);
    return place < own ? place : 2 * own - 1 - place;
  });
  return tf.gather(pixels, tf.tensor1d(indices, "int32"), axis);
}
