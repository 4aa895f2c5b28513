import { shapesEqual } from "@featuremap/tensor";
import { type Tensor, div, exp, expandDims, log, max, mul, neg, oneHot, sub, sum } from "@tensorflow/tfjs-core";
import { type AnyKernel, offers, runKernel } from "../../contract/kernel.ts";
import {
  softmaxCrossentropyWithSlope,
  sparseSoftmaxCrossentropyWithSlope,
} from "../../contract/softmax-crossentropy.ts";
import { withGradient } from "../custom-gradient.ts";

/**
 * Cross-entropy between a distribution and the softmax of logits, without forming the probabilities:
 * `-sum_k y_k * (z_k - m - log(sum_j exp(z_j - m)))` with `m = max(z)`.
 *
 * The gradient is TensorFlow's `softmax(z) - y`, also where a row of `y` does not add up to 1.
 *
 * @param target float32 `[..., classes]`, held constant
 * @param logits float32 `[..., classes]`
 * @returns float32 `[...]`
 */
export function softmaxCrossentropy(target: Tensor, logits: Tensor): Tensor {
  const inPlace = target.dtype === "float32" && shapesEqual(target.shape, logits.shape);
  if (inPlace && takes(softmaxCrossentropyWithSlope, logits)) {
    return onDevice(logits, (z) => runKernel(softmaxCrossentropyWithSlope, { target, logits: z }, {}));
  }
  return withGradient(
    logits,
    (z) => {
      const shifted = sub(z, max(z, -1, true));
      const exponentials = exp(shifted);
      const total = sum(exponentials, -1, true);
      const value = neg(sum(mul(target, sub(shifted, log(total))), -1));
      return { value, saved: [exponentials, total, target] };
    },
    (gradient, saved) => {
      const [exponentials, total, labels] = saved as [Tensor, Tensor, Tensor];
      return mul(sub(div(exponentials, total), labels), expandDims(gradient, -1));
    },
  );
}

/**
 * {@link softmaxCrossentropy} for class indices instead of a distribution.
 *
 * @param labels int32 `[...]`, each in [0, classes)
 * @param logits float32 `[..., classes]`
 * @returns float32 `[...]`
 */
export function sparseSoftmaxCrossentropy(labels: Tensor, logits: Tensor): Tensor {
  const beside = labels.dtype === "int32" && shapesEqual(labels.shape, logits.shape.slice(0, -1));
  if (beside && takes(sparseSoftmaxCrossentropyWithSlope, logits)) {
    return onDevice(logits, (z) => runKernel(sparseSoftmaxCrossentropyWithSlope, { labels, logits: z }, {}));
  }
  const classes = logits.shape.at(-1) ?? 1;
  return softmaxCrossentropy(oneHot(labels, classes, 1, 0, "float32"), logits);
}

/** Whether the device has a kernel of its own for logits like these. */
function takes(kernel: AnyKernel, logits: Tensor): boolean {
  return logits.dtype === "float32" && logits.rank > 0 && offers(kernel);
}

/** Loss and gradient from one kernel; what it was computed from is not kept. */
function onDevice(logits: Tensor, run: (z: Tensor) => [loss: Tensor, slope: Tensor]): Tensor {
  return withGradient(
    logits,
    (z) => {
      const [value, slope] = run(z);
      return { value, saved: [slope] };
    },
    (gradient, saved) => mul(saved[0] as Tensor, expandDims(gradient, -1)),
  );
}
