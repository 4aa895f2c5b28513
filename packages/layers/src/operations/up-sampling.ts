import * as tf from "@tensorflow/tfjs-core";
import { bicubicWeights, lanczosWeights } from "./resampling-weights.ts";

/** How pixels between pixels come about. */
export type Interpolation = "nearest" | "bilinear" | "bicubic" | "lanczos3" | "lanczos5";

type Weights = (input: number, output: number) => Float32Array;

const resamplingWeights: Readonly<Record<Exclude<Interpolation, "nearest" | "bilinear">, Weights>> = {
  bicubic: bicubicWeights,
  lanczos3: (input, output) => lanczosWeights(input, output, 3),
  lanczos5: (input, output) => lanczosWeights(input, output, 5),
};

/**
 * Makes images larger by whole factors, with pixels as squares whose centres lie at halves.
 *
 * Shape: `[n, h, w, c]` to `[n, h * factors[0], w * factors[1], c]`.
 */
export function upSample2d(
  images: tf.Tensor4D,
  factors: readonly [number, number],
  interpolation: Interpolation,
): tf.Tensor4D {
  const [, height, width] = images.shape;
  const size: [number, number] = [height * factors[0], width * factors[1]];
  // By centres: corners are where rounding would choose a neighbour.
  if (interpolation === "nearest") return tf.image.resizeNearestNeighbor(images, size, false, true);
  if (interpolation === "bilinear") return tf.image.resizeBilinear(images, size, false, true);
  return resample(images, size, resamplingWeights[interpolation]);
}

/** Rows and columns as weighted sums of rows and columns; weights are `[output, input]`, row-major. */
function resample(
  images: tf.Tensor4D,
  [newHeight, newWidth]: readonly [number, number],
  weights: Weights,
): tf.Tensor4D {
  const [batch, height, width, channels] = images.shape;
  const rows = tf.tensor(weights(height, newHeight), [1, newHeight, height]);
  const columns = tf.tensor(weights(width, newWidth), [1, newWidth, width]);
  const overRows = tf.matMul(rows, tf.reshape(images, [batch, height, width * channels]));
  const overColumns = tf.matMul(columns, tf.reshape(overRows, [batch * newHeight, width, channels]));
  return tf.reshape(overColumns, [batch, newHeight, newWidth, channels]);
}
