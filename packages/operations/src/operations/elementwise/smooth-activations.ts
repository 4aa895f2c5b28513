import * as tf from "@tensorflow/tfjs-core";
import { offers } from "../../contract/offers.ts";
import { isRecording } from "../../contract/recording.ts";

/**
 * `x * (1 + erf(x / sqrt(2))) / 2`, the exact form.
 *
 * A device may offer it as the kernel `Gelu`, with its gradient `GeluGrad` (`{ dy, x }` to `dx`).
 * Source: Hendrycks and Gimpel, 2016.
 */
export function gelu(x: tf.Tensor): tf.Tensor {
  if (runsAsKernel("Gelu", x)) return tf.engine().runKernel("Gelu", { x }, {});
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}

/**
 * `x * sigmoid(x)`, also called swish.
 *
 * A device may offer it as the kernel `Silu`, with its gradient `SiluGrad` (`{ dy, x }` to `dx`).
 * Source: Elfwing et al., 2017; Ramachandran et al., 2017.
 */
export function silu(x: tf.Tensor): tf.Tensor {
  if (runsAsKernel("Silu", x)) return tf.engine().runKernel("Silu", { x }, {});
  return tf.mul(x, tf.sigmoid(x));
}

/** Whether the device has the kernel and its gradient, and a gradient, if wanted, is registered. */
function runsAsKernel(name: string, { dtype }: tf.Tensor): boolean {
  if (dtype !== "float32" || !offers(name, `${name}Grad`)) return false;
  return !isRecording() || tf.getGradient(name) !== undefined;
}
