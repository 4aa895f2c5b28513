import * as tf from "@tensorflow/tfjs-core";
import type { Interpolation } from "./resampling-weights.ts";
import { resizeImages } from "./resize-images.ts";

/** How pixels between pixels come about; `area` is for making images smaller. */
export type UpSamplingInterpolation = Exclude<Interpolation, "area">;

/**
 * Makes images larger by whole factors.
 *
 * Shape: `[n, h, w, c]` to `[n, h * factors[0], w * factors[1], c]`.
 */
export function upSample2d(
  images: tf.Tensor4D,
  factors: readonly [number, number],
  interpolation: UpSamplingInterpolation,
): tf.Tensor {
  const [, height, width] = images.shape;
  return resizeImages(images, [height * factors[0], width * factors[1]], interpolation);
}

/**
 * Repeats the elements of volumes: each plane, and then each plane as a whole.
 *
 * Shape: `[n, d, h, w, c]` to `[n, d * factors[0], h * factors[1], w * factors[2], c]`.
 */
export function upSample3d(volumes: tf.Tensor5D, factors: readonly [number, number, number]): tf.Tensor5D {
  const [batch, depth, height, width, channels] = volumes.shape;
  const [newHeight, newWidth] = [height * factors[1], width * factors[2]];
  const planes = tf.reshape<tf.Rank.R4>(volumes, [batch * depth, height, width, channels]);
  const rows = tf.reshape<tf.Rank.R4>(upSample2d(planes, [factors[1], factors[2]], "nearest"), [
    batch,
    depth,
    1,
    newHeight * newWidth * channels,
  ]);
  return tf.reshape(upSample2d(rows, [factors[0], 1], "nearest"), [
    batch,
    depth * factors[0],
    newHeight,
    newWidth,
    channels,
  ]);
}
