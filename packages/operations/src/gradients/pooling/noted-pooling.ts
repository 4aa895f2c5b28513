import type * as tf from "@tensorflow/tfjs-core";
import { runKernel } from "../kernel-gradient.ts";

/**
 * The gradient of a maximum whose kernel has noted where it found the largest values.
 *
 * A device may offer `MaxPoolWithChoice` (`{ x }` to the maxima and, in a tensor of type bool, one byte for each: which
 * tap of its window it is, `row * width + column`, the first of equal ones) and `MaxPoolWithChoiceGrad`
 * (`{ dy, choice }` to `dx`), both with the attributes of TensorFlow.js's MaxPool, and with `inputShape`. They take
 * float32, and windows of at most 256 elements.
 */
export const notedPoolingGradients: readonly tf.GradConfig[] = [
  {
    kernelName: "MaxPoolWithChoice",
    outputsToSave: [false, true],
    gradFunc: (gradients, saved, attributes) => {
      const [dy] = gradients as tf.Tensor[] as [tf.Tensor];
      const [choice] = saved as [tf.Tensor];
      return { x: () => runKernel("MaxPoolWithChoiceGrad", { dy, choice }, { ...attributes }) };
    },
  },
];
