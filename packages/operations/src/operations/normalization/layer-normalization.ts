import * as tf from "@tensorflow/tfjs-core";
import { offers, runKernel } from "../../contract/kernel.ts";
import { layerNorm, layerNormGrad } from "../../contract/layer-normalization.ts";
import { isRecording } from "../../contract/recording.ts";

/** How values are normalised together. */
export interface LayerScaling {
  /** Axes whose elements are normalised together, ascending. */
  readonly axes: readonly number[];
  /** In the shape of those axes, or `null` for a factor of 1. */
  readonly gamma: tf.Tensor | null;
  /** In the shape of those axes, or `null` for an offset of 0. */
  readonly beta: tf.Tensor | null;
  readonly epsilon: number;
}

/**
 * `(x - mean) / sqrt(variance + epsilon) * gamma + beta`, each mean and variance over the elements of some axes.
 *
 * One kernel where a device offers it and the axes are the last ones: `registerGradients` knows that kernel's.
 */
export function normalizeLayer(x: tf.Tensor, scaling: LayerScaling): tf.Tensor {
  const { axes, gamma, beta, epsilon } = scaling;
  if (isTakenByDevice(x, axes)) return normalizeRows(x, scaling);
  const mean = tf.mean(x, [...axes], true);
  const centered = tf.sub(x, mean);
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centered), [...axes], true), epsilon));
  const factor = gamma === null ? inverse : tf.mul(inverse, along(gamma, x, axes));
  const normalized = tf.mul(centered, factor);
  return beta === null ? normalized : tf.add(normalized, along(beta, x, axes));
}

/**
 * `x / sqrt(variance + epsilon) * gamma`: what Keras calls RMS scaling, though it is the variance that it divides by.
 */
export function scaleLayerByVariance(x: tf.Tensor, { axes, gamma, epsilon }: LayerScaling): tf.Tensor {
  const centered = tf.sub(x, tf.mean(x, [...axes], true));
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centered), [...axes], true), epsilon));
  return tf.mul(x, gamma === null ? inverse : tf.mul(inverse, along(gamma, x, axes)));
}

/** `x / sqrt(mean(x^2) + epsilon) * gamma`, each mean over the elements of some axes. */
export function scaleByRootMeanSquare(x: tf.Tensor, { axes, gamma, epsilon }: Omit<LayerScaling, "beta">): tf.Tensor {
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(x), [...axes], true), epsilon));
  return tf.mul(x, gamma === null ? inverse : tf.mul(inverse, along(gamma, x, axes)));
}

function isTakenByDevice(x: tf.Tensor, axes: readonly number[]): boolean {
  const areLast = axes.every((axis, index) => axis === x.rank - axes.length + index);
  const known = !isRecording() || tf.getGradient(layerNorm.name) !== undefined;
  return areLast && known && x.size > 0 && x.dtype === "float32" && offers(layerNorm, layerNormGrad);
}

function normalizeRows(x: tf.Tensor, { axes, gamma, beta, epsilon }: LayerScaling): tf.Tensor {
  const length = axes.reduce((product, axis) => product * (x.shape[axis] ?? 1), 1);
  const rows = tf.reshape(x, [-1, length]);
  const scale = gamma === null ? tf.ones([length]) : tf.reshape(gamma, [length]);
  const offset = beta === null ? tf.zeros([length]) : tf.reshape(beta, [length]);
  const [normalized] = runKernel(layerNorm, { x: rows, scale, offset }, { epsilon });
  return tf.reshape(normalized, x.shape);
}

/** Values in the shape of some axes, to broadcast over `x`. */
function along(values: tf.Tensor, x: tf.Tensor, axes: readonly number[]): tf.Tensor {
  return tf.reshape(
    values,
    x.shape.map((length, axis) => (axes.includes(axis) ? length : 1)),
  );
}
