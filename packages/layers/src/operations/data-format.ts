import * as tf from "@tensorflow/tfjs-core";

/** Runs an operation that wants `[batch, height, width, channels]` on `[batch, channels, height, width]`. */
export function throughChannelsLast(input: tf.Tensor, operation: (input: tf.Tensor) => tf.Tensor): tf.Tensor {
  const output = operation(tf.transpose(input, [0, 2, 3, 1]));
  return output.rank === 4 ? tf.transpose(output, [0, 3, 1, 2]) : output;
}
