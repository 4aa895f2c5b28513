import type * as tf from "@tensorflow/tfjs-core";
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
