import * as tf from "@tensorflow/tfjs-core";
import { sumTo } from "./broadcasting.ts";
import { type ActivationGradientKernel, activationGradient } from "./device-kernels.ts";
import { asFloat, choose, elementwiseGradient, keepWhere, kernelGradient, outputGradient } from "./kernel-gradient.ts";

/** Activation functions, element by element, and softmax. */
export const activationGradients: readonly tf.GradConfig[] = [
  kernelGradient(tf.Relu, ["y"], (dy, { y }) => ({
    x: () => activationGradient("ReluGrad", dy, asFloat(y), (slope, output) => tf.mul(slope, tf.step(output))),
  })),
  kernelGradient(tf.Relu6, ["y"], (dy, { y }) => ({
    x: () =>
      activationGradient("Relu6Grad", dy, asFloat(y), (slope, output) =>
        keepWhere(tf.greater(output, 0), keepWhere(tf.less(output, 6), slope)),
      ),
  })),
  kernelGradient(tf.LeakyRelu, ["x"], (dy, { x }, { alpha }: tf.LeakyReluAttrs) => ({
    x: () => choose(tf.greater(x, 0), dy, tf.mul(dy, alpha)),
  })),
  kernelGradient(tf.Prelu, ["x", "alpha"], (dy, { x, alpha }) => ({
    x: () => choose(tf.greater(x, 0), dy, tf.mul(dy, alpha)),
    alpha: () => sumTo(alpha.shape, keepWhere(tf.lessEqual(x, 0), tf.mul(dy, x))),
  })),
  smoothActivation(tf.Elu, "EluGrad", tf.elu, (dy, y) => choose(tf.greaterEqual(y, 0), dy, tf.mul(dy, tf.add(y, 1)))),
  smoothActivation(tf.Sigmoid, "SigmoidGrad", tf.sigmoid, (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y)))),
  smoothActivation(tf.Tanh, "TanhGrad", tf.tanh, (dy, y) => tf.mul(dy, tf.sub(1, tf.square(y)))),
  elementwiseGradient(tf.Selu, (dy, x) => {
    const positive = tf.mul(dy, tf.backend_util.SELU_SCALE);
    const negative = tf.mul(tf.mul(dy, tf.backend_util.SELU_SCALEALPHA), tf.exp(x));
    return choose(tf.greater(x, 0), positive, negative);
  }),
  elementwiseGradient(tf.Softplus, (dy, x) => tf.mul(dy, tf.sigmoid(x))),
  outputGradient(tf.Softmax, "logits", tf.softmax, (dy, y, { dim }: tf.SoftmaxAttrs) => {
    const weighted = tf.mul(dy, y);
    return tf.sub(weighted, tf.mul(tf.sum(weighted, dim, true), y));
  }),
  // tf.logSoftmax brings a gradient of its own; this is for those who run the kernel.
  outputGradient(tf.LogSoftmax, "logits", tf.logSoftmax, (dy, y, { axis }: tf.LogSoftmaxAttrs) =>
    tf.sub(dy, tf.mul(tf.sum(dy, axis, true), tf.exp(y))),
  ),
];

/** An activation whose slope is told by its output, and for which a device may offer a kernel. */
function smoothActivation(
  kernelName: string,
  gradientKernel: ActivationGradientKernel,
  forward: (x: tf.Tensor) => tf.Tensor,
  gradient: (dy: tf.Tensor, y: tf.Tensor) => tf.Tensor,
): tf.GradConfig {
  return outputGradient(kernelName, "x", forward, (dy, y) => activationGradient(gradientKernel, dy, y, gradient));
}
