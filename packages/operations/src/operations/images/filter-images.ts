import * as tf from "@tensorflow/tfjs-core";

/**
 * Each pixel of each channel as a weighted sum of those around it; beyond the border there are zeros.
 *
 * Shape: `[batch, height, width, channels]` to the same shape.
 *
 * @param weights of an odd number of rows and columns, row by row
 */
export function filterImages(
  images: tf.Tensor,
  weights: readonly number[],
  [rows, columns]: readonly [number, number],
): tf.Tensor {
  const kernel: tf.Tensor4D = tf.tensor4d([...weights], [rows, columns, 1, 1]);
  return tf.depthwiseConv2d(images as tf.Tensor4D, tf.tile(kernel, [1, 1, images.shape.at(-1) ?? 1, 1]), 1, "same");
}

/** Weights of a Gaussian bell whose sum is 1. */
export function gaussianWeights(size: number, deviation: number): number[] {
  const bell = Array.from({ length: size }, (_, index) => Math.exp(-0.5 * ((index - (size - 1) / 2) / deviation) ** 2));
  const sum = bell.reduce((total, weight) => total + weight, 0);
  return bell.map((weight) => weight / sum);
}

/** Every product of a number of the one and a number of the other, the first's row by row. */
export function outerProduct(rows: readonly number[], columns: readonly number[]): number[] {
  return rows.flatMap((row) => columns.map((column) => row * column));
}
