import * as tf from "@tensorflow/tfjs-core";

/** Keras's `epsilon()`: keeps divisions by a norm of 0 finite. */
export const kerasEpsilon = 1e-7;

/**
 * Scales vectors to length 1: `x / max(|x|, epsilon)`, where norms are taken over the given axes.
 *
 * Source: Keras `ops.normalize` of order 2. Unlike there, a vector of zeros has a finite gradient.
 */
export function normalize(input: tf.Tensor, axes: readonly number[], epsilon: number = kerasEpsilon): tf.Tensor {
  const squares = tf.sum(tf.square(input), [...axes], true);
  return tf.mul(input, tf.rsqrt(tf.maximum(squares, epsilon ** 2)));
}
