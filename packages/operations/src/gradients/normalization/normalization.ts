import * as tf from "@tensorflow/tfjs-core";
import { sumTo } from "../elementwise/broadcasting.ts";
import { runKernel } from "../../contract/kernel.ts";
import { lrnGrad } from "../../contract/tensorflow.ts";
import { kernelGradient } from "../kernel-gradient.ts";

/** Batch and local response normalization. */
export const normalizationGradients: readonly tf.GradConfig[] = [
  /*
   * `y = (x - mean) / sqrt(variance + epsilon) * scale + offset`, with mean and variance as inputs like the others.
   * TensorFlow.js cannot keep an input that was left out: to train, give tf.batchNorm a scale.
   */
  kernelGradient(
    tf.FusedBatchNorm,
    ["x", "mean", "variance", "scale"],
    (dy, { x, mean, variance, scale }, { varianceEpsilon }: tf.FusedBatchNormAttrs) => {
      const inverse = (): tf.Tensor => tf.rsqrt(tf.add(variance, varianceEpsilon));
      return {
        x: () => tf.mul(dy, tf.mul(inverse(), scale)),
        mean: () => tf.neg(sumTo(mean.shape, tf.mul(dy, tf.mul(inverse(), scale)))),
        variance: () => {
          const slope = tf.mul(tf.mul(tf.pow(inverse(), 3), scale), -0.5);
          return sumTo(variance.shape, tf.mul(tf.mul(dy, tf.sub(x, mean)), slope));
        },
        scale: () => sumTo(scale.shape, tf.mul(tf.mul(dy, tf.sub(x, mean)), inverse())),
        offset: () => sumTo(mean.shape, dy),
      };
    },
  ),
  kernelGradient(tf.LRN, ["x", "y"], (dy, { x, y }, attributes: tf.LRNAttrs) => ({
    x: () => runKernel(lrnGrad, { x, y, dy }, attributes),
  })),
];
