import * as tf from "@tensorflow/tfjs-core";
import type { FusableActivation } from "../convolution/fusable-activation.ts";
import { isRecording } from "../../contract/recording.ts";

/**
 * `activation(input x kernel + bias)` over the last axis.
 *
 * Shape: `[..., in]` and `[in, out]` to `[..., out]`.
 * A device's own fused kernel belongs here.
 */
export function dense(
  input: tf.Tensor,
  kernel: tf.Tensor2D,
  bias: tf.Tensor1D | null,
  activation: FusableActivation,
): tf.Tensor {
  if (input.rank === 2) return denseMatrix(input as tf.Tensor2D, kernel, bias, activation);
  const [inputs, units] = kernel.shape;
  // Softmax and its like see the same last axis in either shape.
  const output = denseMatrix(tf.reshape(input, [-1, inputs]), kernel, bias, activation);
  return tf.reshape(output, [...input.shape.slice(0, -1), units]);
}

function denseMatrix(
  input: tf.Tensor2D,
  kernel: tf.Tensor2D,
  bias: tf.Tensor1D | null,
  activation: FusableActivation,
): tf.Tensor {
  if (!isRecording()) {
    const fused = activation.fusedName ?? "linear";
    const output = tf.fused.matMul({ a: input, b: kernel, activation: fused, ...(bias !== null && { bias }) });
    return activation.fusedName === undefined ? activation.apply(output) : output;
  }
  const sums = tf.matMul(input, kernel);
  return activation.apply(bias === null ? sums : tf.add(sums, bias));
}
