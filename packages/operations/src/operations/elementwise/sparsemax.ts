import * as tf from "@tensorflow/tfjs-core";
import { withGradient } from "../custom-gradient.ts";

/**
 * The probabilities nearest to the inputs: `max(x - t, 0)` over the last axis, `t` such that they add up to 1.
 *
 * Source: Martins and Astudillo, ICML 2016; Keras `sparsemax`, whose outputs in Keras 3.15 on TensorFlow do not add up to
 * 1 where more than one is positive.
 */
export function sparsemax(input: tf.Tensor): tf.Tensor {
  return withGradient(
    input,
    (x) => {
      const value = tf.tidy(() => nearest(x));
      return { value, saved: [value] };
    },
    (dy, saved) => slope(dy, saved[0] ?? dy),
  );
}

/**
 * Newton steps towards `t`, from 1 below the largest input: what is over that 1 falls in straight lines, and the steps stay below
 * `t`. A sort would need an object for each element on most devices.
 */
function nearest(input: tf.Tensor): tf.Tensor {
  // What is more than 1 below the largest input is 0 in any case.
  const heights = tf.tidy(() => tf.maximum(tf.sub(input, tf.max(input, -1, true)), -1));
  let threshold = tf.sub(tf.max(heights, -1, true), 1);
  for (let step = sparsemaxSteps(input.shape.at(-1) ?? 1); step > 0; step--) {
    const before = threshold;
    threshold = tf.tidy(() => {
      const above = tf.relu(tf.sub(heights, before));
      const excess = tf.sub(tf.sum(above, -1, true), 1);
      return tf.add(before, tf.div(excess, tf.sum(tf.step(above), -1, true)));
    });
    before.dispose();
  }
  return tf.relu(tf.sub(heights, threshold));
}

/**
 * Enough for float32: each step divides what is over 1, times how many inputs are positive, by 4 or more, and that begins below
 * the square of the length.
 */
export function sparsemaxSteps(length: number): number {
  return 12 + Math.ceil(Math.log2(Math.max(1, length)));
}

function slope(dy: tf.Tensor, output: tf.Tensor): tf.Tensor {
  const mask = tf.step(output);
  const mean = tf.div(tf.sum(tf.mul(dy, mask), -1, true), tf.sum(mask, -1, true));
  return tf.mul(mask, tf.sub(dy, mean));
}
