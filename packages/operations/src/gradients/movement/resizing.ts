import * as tf from "@tensorflow/tfjs-core";
import { kernelGradient } from "../kernel-gradient.ts";

type Resizing = tf.ResizeBilinearAttrs;

/**
 * Resizing images, which is linear: rows and columns of the output are weighted sums of rows and columns of the input.
 *
 * The gradient multiplies by the same weights, transposed. TensorFlow.js's own gradient kernels leave
 * `halfPixelCenters` out of account, and its cpu backend mixes up the images of a batch.
 */
export const resizingGradients: readonly tf.GradConfig[] = [
  kernelGradient(tf.ResizeBilinear, ["images"], (dy, { images }, attributes: Resizing) => ({
    images: () => transposedResize(dy, images.shape, attributes, bilinearWeights),
  })),
  kernelGradient(tf.ResizeNearestNeighbor, ["images"], (dy, { images }, attributes: Resizing) => ({
    images: () =>
      repeatedSums(dy, images.shape, attributes) ?? transposedResize(dy, images.shape, attributes, nearestWeights),
  })),
];

/** Where each pixel was repeated equally often: the sums over its repetitions, by way of their means. */
function repeatedSums(dy: tf.Tensor, [, height = 1, width = 1]: number[], attributes: Resizing): tf.Tensor | undefined {
  const [, newHeight = 1, newWidth = 1] = dy.shape;
  const factors: [number, number] = [newHeight / height, newWidth / width];
  if (attributes.alignCorners || !attributes.halfPixelCenters || !factors.every(Number.isInteger)) return undefined;
  return tf.mul(tf.avgPool(dy as tf.Tensor4D, factors, factors, "valid"), factors[0] * factors[1]);
}

/** For one position of the output, the positions of the input it comes from, each with its weight. */
type Weights = (position: number, inputLength: number, scale: number, attributes: Resizing) => [number, number][];

function transposedResize(
  dy: tf.Tensor,
  [batch = 1, height = 1, width = 1, channels = 1]: number[],
  attributes: Resizing,
  weights: Weights,
): tf.Tensor {
  const [, newHeight = 1, newWidth = 1] = dy.shape;
  const rows = weightMatrix(height, newHeight, attributes, weights);
  const columns = weightMatrix(width, newWidth, attributes, weights);
  const overRows = tf.matMul(rows, tf.reshape(dy, [batch, newHeight, newWidth * channels]));
  const overColumns = tf.matMul(columns, tf.reshape(overRows, [batch * height, newWidth, channels]));
  return tf.reshape(overColumns, [batch, height, width, channels]);
}

/** Weights along one axis: `[1, input, output]`. */
function weightMatrix(input: number, output: number, attributes: Resizing, weights: Weights): tf.Tensor {
  const aligned = attributes.alignCorners && output > 1 ? 1 : 0;
  const scale = (input - aligned) / (output - aligned);
  const values = new Float32Array(input * output);
  for (let position = 0; position < output; position++) {
    for (const [source, weight] of weights(position, input, scale, attributes)) {
      const index = source * output + position;
      values[index] = (values[index] ?? 0) + weight;
    }
  }
  return tf.tensor(values, [1, input, output]);
}

function bilinearWeights(
  position: number,
  length: number,
  scale: number,
  { halfPixelCenters }: Resizing,
): [number, number][] {
  const exact = halfPixelCenters ? scale * (position + 0.5) - 0.5 : scale * position;
  const lower = Math.max(0, Math.floor(exact));
  const upper = Math.min(length - 1, Math.ceil(exact));
  return [
    [lower, 1 - (exact - lower)],
    [upper, exact - lower],
  ];
}

function nearestWeights(
  position: number,
  length: number,
  scale: number,
  { alignCorners, halfPixelCenters }: Resizing,
): [number, number][] {
  const exact = scale * (halfPixelCenters ? position + 0.5 : position);
  const nearest = alignCorners ? Math.round(exact) : Math.floor(exact);
  return [[Math.max(0, Math.min(length - 1, nearest)), 1]];
}
