import * as tf from "@tensorflow/tfjs-core";

/**
 * The probabilities nearest to the inputs: `max(x - t, 0)` over the last axis, `t` such that they add up to 1.
 *
 * Source: Martins and Astudillo, ICML 2016; Keras `sparsemax`, whose outputs in Keras 3.15 on TensorFlow do not add up to
 * 1 where more than one is positive.
 */
export function sparsemax(input: tf.Tensor): tf.Tensor {
  const probabilities = tf.customGrad((...args) => {
    const [x, save] = args as unknown as [tf.Tensor, tf.GradSaveFunc];
    const value = tf.relu(tf.sub(x, threshold(x)));
    save([value]);
    return { value, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => slope(dy, saved[0] ?? dy) };
  });
  return probabilities(input);
}

/** `t`: of the largest `k` inputs that stay positive, their sum less 1, divided by `k`. */
function threshold(input: tf.Tensor): tf.Tensor {
  const length = input.shape.at(-1) ?? 1;
  const { values: sorted } = tf.topk(input, length);
  const counts = tf.range(1, length + 1, 1, "float32");
  const inside = tf.greater(tf.add(tf.mul(counts, sorted), 1), tf.cumsum(sorted, input.rank - 1));
  const mask = tf.cast(inside, "float32");
  return tf.div(tf.sub(tf.sum(tf.mul(sorted, mask), -1, true), 1), tf.sum(mask, -1, true));
}

function slope(dy: tf.Tensor, output: tf.Tensor): tf.Tensor {
  const mask = tf.step(output);
  const mean = tf.div(tf.sum(tf.mul(dy, mask), -1, true), tf.sum(mask, -1, true));
  return tf.mul(mask, tf.sub(dy, mean));
}
