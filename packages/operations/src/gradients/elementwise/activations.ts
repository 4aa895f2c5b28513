import * as tf from "@tensorflow/tfjs-core";
import { sumTo } from "./broadcasting.ts";
import {
  geluGrad,
  leakyReluGrad,
  relu6Grad,
  reluGrad,
  seluGrad,
  sigmoidGrad,
  siluGrad,
  softplusGrad,
  tanhGrad,
} from "../../contract/activation-gradients.ts";
import type { Kernel, NoAttributes } from "../../contract/kernel.ts";
import { geluKernel, siluKernel } from "../../contract/smooth-activations.ts";
import { eluGrad } from "../../contract/tensorflow.ts";
import { activationGradient, inputActivationGradient } from "../device-kernels.ts";
import { asFloat, choose, elementwiseGradient, keepWhere, kernelGradient, outputGradient } from "../kernel-gradient.ts";

/** Activation functions, element by element, and softmax. */
export const activationGradients: readonly tf.GradConfig[] = [
  kernelGradient(tf.Relu, ["y"], (dy, { y }) => ({
    x: () => activationGradient(reluGrad, dy, asFloat(y), (slope, output) => tf.mul(slope, tf.step(output))),
  })),
  kernelGradient(tf.Relu6, ["y"], (dy, { y }) => ({
    x: () =>
      activationGradient(relu6Grad, dy, asFloat(y), (slope, output) =>
        keepWhere(tf.greater(output, 0), keepWhere(tf.less(output, 6), slope)),
      ),
  })),
  kernelGradient(tf.LeakyRelu, ["x"], (dy, { x }, { alpha }: tf.LeakyReluAttrs) => ({
    x: () => {
      const compose = (slope: tf.Tensor, input: tf.Tensor): tf.Tensor =>
        choose(tf.greater(input, 0), slope, tf.mul(slope, alpha));
      return inputActivationGradient(leakyReluGrad, dy, asFloat(x), compose, { alpha });
    },
  })),
  kernelGradient(tf.Prelu, ["x", "alpha"], (dy, { x, alpha }) => ({
    x: () => choose(tf.greater(x, 0), dy, tf.mul(dy, alpha)),
    alpha: () => sumTo(alpha.shape, keepWhere(tf.lessEqual(x, 0), tf.mul(dy, x))),
  })),
  smoothActivation(tf.Elu, eluGrad, tf.elu, (dy, y) => choose(tf.greaterEqual(y, 0), dy, tf.mul(dy, tf.add(y, 1)))),
  smoothActivation(tf.Sigmoid, sigmoidGrad, tf.sigmoid, (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y)))),
  smoothActivation(tf.Tanh, tanhGrad, tf.tanh, (dy, y) => tf.mul(dy, tf.sub(1, tf.square(y)))),
  activationOfInput(tf.Selu, seluGrad, (dy, x) => {
    const positive = tf.mul(dy, tf.backend_util.SELU_SCALE);
    const negative = tf.mul(tf.mul(dy, tf.backend_util.SELU_SCALEALPHA), tf.exp(x));
    return choose(tf.greaterEqual(x, 0), positive, negative);
  }),
  activationOfInput(tf.Softplus, softplusGrad, (dy, x) => tf.mul(dy, tf.sigmoid(x))),
  // Kernels that only some devices have; the slopes are those of the normal distribution's F(x) + x f(x), and of sigmoid.
  activationOfInput(geluKernel.name, geluGrad, (dy, x) => {
    const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    const below = tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);
    return tf.mul(dy, tf.add(below, tf.mul(x, density)));
  }),
  activationOfInput(siluKernel.name, siluGrad, (dy, x) => {
    const y = tf.sigmoid(x);
    return tf.mul(dy, tf.mul(y, tf.add(tf.mul(x, tf.sub(1, y)), 1)));
  }),
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
  gradientKernel: Parameters<typeof activationGradient>[0],
  forward: (x: tf.Tensor) => tf.Tensor,
  gradient: (dy: tf.Tensor, y: tf.Tensor) => tf.Tensor,
): tf.GradConfig {
  return outputGradient(kernelName, "x", forward, (dy, y) => activationGradient(gradientKernel, dy, y, gradient));
}

/** An activation whose slope is told by its input, and for which a device may offer a kernel. */
function activationOfInput(
  kernelName: string,
  gradientKernel: Kernel<string, { readonly dy: tf.Tensor; readonly x: tf.Tensor }, NoAttributes, tf.Tensor>,
  gradient: (dy: tf.Tensor, x: tf.Tensor) => tf.Tensor,
): tf.GradConfig {
  return elementwiseGradient(kernelName, (dy, x) => inputActivationGradient(gradientKernel, dy, x, gradient, {}));
}
