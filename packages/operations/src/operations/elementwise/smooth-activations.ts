import * as tf from "@tensorflow/tfjs-core";
import { geluGrad, siluGrad } from "../../contract/activation-gradients.ts";
import { type AnyKernel, offers, runKernel } from "../../contract/kernel.ts";
import { isRecording } from "../../contract/recording.ts";
import { geluKernel, siluKernel } from "../../contract/smooth-activations.ts";

/**
 * `x * (1 + erf(x / sqrt(2))) / 2`, the exact form.
 *
 * Source: Hendrycks and Gimpel, 2016.
 */
export function gelu(x: tf.Tensor): tf.Tensor {
  if (isTakenByDevice(x, geluKernel, geluGrad)) return runKernel(geluKernel, { x }, {});
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}

/**
 * `x * sigmoid(x)`, also called swish.
 *
 * Source: Elfwing et al., 2017; Ramachandran et al., 2017.
 */
export function silu(x: tf.Tensor): tf.Tensor {
  if (isTakenByDevice(x, siluKernel, siluGrad)) return runKernel(siluKernel, { x }, {});
  return tf.mul(x, tf.sigmoid(x));
}

/** Whether the device has the kernel and its gradient, and a gradient, if wanted, is registered. */
function isTakenByDevice({ dtype }: tf.Tensor, kernel: AnyKernel, gradient: AnyKernel): boolean {
  if (dtype !== "float32" || !offers(kernel, gradient)) return false;
  return !isRecording() || tf.getGradient(kernel.name) !== undefined;
}
