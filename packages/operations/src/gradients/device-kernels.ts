import type * as tf from "@tensorflow/tfjs-core";
import { offers } from "../contract/offers.ts";
import { isRecording } from "../contract/recording.ts";
import { runKernel } from "./kernel-gradient.ts";

/**
 * Kernels that a device may offer beyond TensorFlow.js's own, each in place of two or three passes over the data.
 * All take `{ dy, y }` or `{ dy, x }`, where `y` is the activation's output and `x` its input, and the activation's
 * attributes, and give `dx`, float32 in the same shape. Register them with `registerKernel` for the device's backend. `EluGrad` is TensorFlow.js's own, of the same form.
 */
export type ActivationGradientKernel = "ReluGrad" | "Relu6Grad" | "EluGrad" | "SigmoidGrad" | "TanhGrad";

/** Those that take `{ dy, x }`. */
export type InputActivationGradientKernel = "LeakyReluGrad" | "SeluGrad" | "SoftplusGrad" | "GeluGrad" | "SiluGrad";

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
  return isOffered(kernelName) ? runKernel(kernelName, { dy, y }) : compose(dy, y);
}

/** As {@link activationGradient}, by the activation's input. */
export function inputActivationGradient(
  kernelName: InputActivationGradientKernel,
  dy: tf.Tensor,
  x: tf.Tensor,
  compose: (dy: tf.Tensor, x: tf.Tensor) => tf.Tensor,
  attributes: object = {},
): tf.Tensor {
  return isOffered(kernelName) ? runKernel(kernelName, { dy, x }, attributes) : compose(dy, x);
}

function isOffered(kernelName: string): boolean {
  return !isRecording() && offers(kernelName);
}
