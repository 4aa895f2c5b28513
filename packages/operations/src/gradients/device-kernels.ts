import type * as tf from "@tensorflow/tfjs-core";
import { type Kernel, type NoAttributes, offers, runKernel } from "../contract/kernel.ts";
import { isRecording } from "../contract/recording.ts";

/**
 * `dx` by the device's own kernel, or by plain operations where it has none.
 *
 * Where the backward pass is itself being differentiated it is always the operations, whose derivatives are known.
 */
export function activationGradient(
  kernel: Kernel<string, { readonly dy: tf.Tensor; readonly y: tf.Tensor }, NoAttributes, tf.Tensor>,
  dy: tf.Tensor,
  y: tf.Tensor,
  compose: (dy: tf.Tensor, y: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  return !isRecording() && offers(kernel) ? runKernel(kernel, { dy, y }, {}) : compose(dy, y);
}

/** As {@link activationGradient}, by the activation's input. */
export function inputActivationGradient<Attributes extends object>(
  kernel: Kernel<string, { readonly dy: tf.Tensor; readonly x: tf.Tensor }, Attributes, tf.Tensor>,
  dy: tf.Tensor,
  x: tf.Tensor,
  compose: (dy: tf.Tensor, x: tf.Tensor) => tf.Tensor,
  attributes: NoInfer<Attributes>,
): tf.Tensor {
  return !isRecording() && offers(kernel) ? runKernel(kernel, { dy, x }, attributes) : compose(dy, x);
}
