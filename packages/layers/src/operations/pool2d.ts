import { samePadding } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { isRecording } from "./recording.ts";

/** How a pooling window moves. */
export interface PoolGeometry {
  readonly size: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: "valid" | "same";
}

/** Largest element of each window: `[n, h, w, c]` to `[n, h', w', c]`. */
export function maxPool2d(input: tf.Tensor4D, { size, strides, padding }: PoolGeometry): tf.Tensor4D {
  return tf.maxPool(input, [...size], [...strides], padding);
}

/**
 * Mean of each window, over its elements inside the image: `[n, h, w, c]` to `[n, h', w', c]`.
 *
 * tfjs's gradient divides by the whole window even where `same` padding lets it reach over the edge. There, recorded
 * passes pad the image themselves and scale each mean to the elements that count.
 */
export function averagePool2d(input: tf.Tensor4D, { size, strides, padding }: PoolGeometry): tf.Tensor4D {
  const [, height, width] = input.shape;
  const rows = samePadding(height, size[0], strides[0]);
  const columns = samePadding(width, size[1], strides[1]);
  const overlaps = padding === "same" && rows.end + columns.end > 0;
  if (!overlaps || !isRecording()) return tf.avgPool(input, [...size], [...strides], padding);
  const padded = tf.pad(input, [
    [0, 0],
    [rows.start, rows.end],
    [columns.start, columns.end],
    [0, 0],
  ]);
  const means = tf.avgPool(padded, [...size], [...strides], "valid");
  const inRow = coveredShares(height, size[0], strides[0], rows.start);
  const inColumn = coveredShares(width, size[1], strides[1], columns.start);
  const scale = inRow.flatMap((row) => inColumn.map((column) => 1 / (row * column)));
  return tf.mul(means, tf.tensor4d(scale, [1, inRow.length, inColumn.length, 1]));
}

/** For each position of a window along an axis, which share of it lies on the image. */
function coveredShares(length: number, size: number, stride: number, start: number): number[] {
  return Array.from({ length: Math.ceil(length / stride) }, (_, index) => {
    const from = index * stride - start;
    return (Math.min(from + size, length) - Math.max(from, 0)) / size;
  });
}
