import * as tf from "@tensorflow/tfjs-core";
import type { Moments, Scaling } from "./batch-normalization.ts";

/** Limits of the correction; those left out do not limit. */
export interface RenormClipping {
  /** Smallest factor. */
  readonly rmin?: number | undefined;
  /** Largest factor. */
  readonly rmax?: number | undefined;
  /** Largest distance, either way. */
  readonly dmax?: number | undefined;
}

/** Moving mean and standard deviation of each channel, `[channels]`. */
export interface MovingMoments {
  readonly mean: tf.Tensor1D;
  readonly deviation: tf.Tensor1D;
}

/** `sqrt(variance + epsilon)`. */
export function deviationOf({ variance }: Moments, epsilon: number): tf.Tensor1D {
  return tf.sqrt(tf.add(variance, epsilon));
}

/**
 * The scaling that takes values normalised by their own moments to what the moving ones would have made of them:
 * `(v r + d) gamma + beta`, with `r = deviation / movingDeviation` and `d = (mean - movingMean) / movingDeviation`, both
 * held constant.
 *
 * Source: Ioffe, "Batch Renormalization", 2017; Keras's `BatchNormalization`.
 *
 * @param moments without a gradient
 */
export function renormalized(
  moments: Moments,
  moving: MovingMoments,
  { rmin, rmax, dmax }: RenormClipping,
  { gamma, beta, epsilon }: Scaling,
): Scaling {
  const base = tf.maximum(moving.deviation, Math.sqrt(epsilon));
  const atLeast = <Vector extends tf.Tensor>(value: Vector, limit: number | undefined): Vector =>
    limit === undefined ? value : tf.maximum<Vector>(value, limit);
  const atMost = <Vector extends tf.Tensor>(value: Vector, limit: number | undefined): Vector =>
    limit === undefined ? value : tf.minimum<Vector>(value, limit);
  const factor = atMost(atLeast(tf.div<tf.Tensor1D>(deviationOf(moments, epsilon), base), rmin), rmax);
  const distance = tf.div<tf.Tensor1D>(tf.sub(moments.mean, moving.mean), base);
  const shift = atMost(atLeast(distance, dmax === undefined ? undefined : -dmax), dmax);
  const offset = gamma === null ? shift : tf.mul<tf.Tensor1D>(shift, gamma);
  return {
    gamma: gamma === null ? factor : tf.mul<tf.Tensor1D>(factor, gamma),
    beta: beta === null ? offset : tf.add<tf.Tensor1D>(offset, beta),
    epsilon,
  };
}
