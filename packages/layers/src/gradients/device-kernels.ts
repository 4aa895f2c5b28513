import * as tf from "@tensorflow/tfjs-core";
import { isRecording } from "../operations/recording.ts";
import { runKernel } from "./kernel-gradient.ts";

/**
 * Kernels that a device may offer beyond TensorFlow.js's own, each in place of two or three passes over the data.
 * All take `{ dy, y }`, no attributes, and give `dx`, float32 in the shape of `y`; `y` is the activation's output.
 * Register them with `registerKernel` for the device's backend. `EluGrad` is TensorFlow.js's own, of the same form.
 */
export type ActivationGradientKernel = "ReluGrad" | "Relu6Grad" | "EluGrad" | "SigmoidGrad" | "TanhGrad";

/**
 * `dx` by the device's own kernel, or by plain operations where it has none.
 *
 * Where the backward pass is itself being differentiated it is always the operations, whose derivatives are known.
 */
export function activationGradient(
  kernelName: ActivationGradientKernel,
  dy: tf.Tensor,
  y: tf.Tensor,
  compose: (dy: tf.Tensor, y: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const offered = !isRecording() && tf.getKernel(kernelName, tf.getBackend()) !== undefined;
  return offered ? runKernel(kernelName, { dy, y }) : compose(dy, y);
}
