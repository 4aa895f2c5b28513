import type { Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { InnerWork } from "../inner-work.ts";
import { type Interpolation, resamplingWeights } from "./resampling-weights.ts";

/** Height and width. */
export type ImageSize = readonly [number, number];

/**
 * Resizes images, as `tf.image.resize` of TensorFlow 2 does.
 *
 * Shape: `[batch, height, width, channels]` to `[batch, ...size, channels]`.
 *
 * @param antialias whether shrinking smooths first; `nearest` and `area` take no notice
 */
export function resizeImages(
  images: tf.Tensor,
  size: ImageSize,
  interpolation: Interpolation,
  antialias = false,
): tf.Tensor {
  const input = images as tf.Tensor4D;
  const [batch, height, width, channels] = input.shape;
  const [newHeight, newWidth] = size;
  if (interpolation === "nearest") return tf.image.resizeNearestNeighbor(input, [newHeight, newWidth], false, true);
  if (interpolation === "bilinear" && !antialias) {
    return tf.image.resizeBilinear(input, [newHeight, newWidth], false, true);
  }
  const matrix = (from: number, to: number): tf.Tensor =>
    tf.tensor(resamplingWeights(from, to, interpolation, antialias), [1, to, from]);
  const rows = tf.matMul(matrix(height, newHeight), tf.reshape(input, [batch, height, width * channels]));
  const columns = tf.matMul(matrix(width, newWidth), tf.reshape(rows, [batch * newHeight, width, channels]));
  return tf.reshape(columns, [batch, newHeight, newWidth, channels]);
}

/**
 * What {@link resizeImages} does besides reading images and writing others.
 *
 * @param images `[batch, height, width, channels]`
 */
export function resizingWork(
  images: Shape,
  [newHeight, newWidth]: ImageSize,
  interpolation: Interpolation,
  antialias = false,
): InnerWork {
  const [batch, height, width, channels] = images.map((length) => length ?? 1) as [number, number, number, number];
  if (interpolation === "nearest") return { operations: 0, elements: 0 };
  if (interpolation === "bilinear" && !antialias) {
    return { operations: 4 * batch * newHeight * newWidth * channels, elements: 0 };
  }
  const rows = batch * newHeight * width * channels;
  return {
    operations: rows * height + rows * newWidth,
    elements: rows + newHeight * height + newWidth * width,
  };
}

/** The largest middle part of images that has the proportions of `size`. */
export function cropToProportions(images: tf.Tensor, size: ImageSize): tf.Tensor {
  const { start, length } = windowOfProportions(images.shape, size);
  return tf.slice(images, [0, ...start, 0], [-1, ...length, -1]);
}

/** Where {@link cropToProportions} cuts. */
export function windowOfProportions(
  [, height = 1, width = 1]: readonly number[],
  [newHeight, newWidth]: ImageSize,
): { readonly start: ImageSize; readonly length: ImageSize } {
  const cropHeight = Math.max(1, Math.min(height, Math.trunc((width * newHeight) / newWidth)));
  const cropWidth = Math.max(1, Math.min(width, Math.trunc((height * newWidth) / newHeight)));
  return {
    start: [Math.trunc((height - cropHeight) / 2), Math.trunc((width - cropWidth) / 2)],
    length: [cropHeight, cropWidth],
  };
}

/** Images with a border on two sides that gives them the proportions of `size`. */
export function padToProportions(images: tf.Tensor, size: ImageSize, fillValue: number): tf.Tensor {
  const [rows, columns] = borderOfProportions(images.shape, size);
  return tf.pad(
    images,
    [
      [0, 0],
      [rows, rows],
      [columns, columns],
      [0, 0],
    ],
    fillValue,
  );
}

/** How wide the border of {@link padToProportions} is: above and below, left and right. */
export function borderOfProportions(
  [, height = 1, width = 1]: readonly number[],
  [newHeight, newWidth]: ImageSize,
): ImageSize {
  const padded = [
    Math.max(height, Math.trunc((width * newHeight) / newWidth)),
    Math.max(width, Math.trunc((height * newWidth) / newHeight)),
  ] as const;
  return [Math.trunc((padded[0] - height) / 2), Math.trunc((padded[1] - width) / 2)];
}
