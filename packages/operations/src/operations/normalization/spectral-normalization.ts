import * as tf from "@tensorflow/tfjs-core";
import { normalize } from "./normalize.ts";

/**
 * A kernel divided by its largest singular value, as power iteration from a vector estimates it, and the vector that it comes to.
 *
 * A kernel of nothing but zeros, which has none, stays, and so does the vector.
 *
 * @param kernel of any shape, as a matrix with a column for each of its last axis
 * @param vector `[1, columns]`
 */
export function spectrallyNormalized(
  kernel: tf.Tensor,
  vector: tf.Tensor2D,
  iterations: number,
): { readonly kernel: tf.Tensor; readonly vector: tf.Tensor } {
  const weights = tf.reshape<tf.Rank.R2>(kernel, [-1, kernel.shape.at(-1) ?? 1]);
  let right: tf.Tensor = vector;
  let left: tf.Tensor = right;
  for (let step = 0; step < iterations; step++) {
    left = normalize(tf.matMul(right, weights, false, true), [0, 1]);
    right = normalize(tf.matMul(left, weights), [0, 1]);
  }
  const largest = tf.sum(tf.mul(tf.matMul(left, weights), right));
  const isZero = tf.equal(tf.max(tf.abs(weights)), 0);
  return {
    kernel: tf.reshape(tf.div(weights, tf.where(isZero, tf.onesLike(largest), largest)), kernel.shape),
    vector: tf.where(isZero, vector, right),
  };
}
