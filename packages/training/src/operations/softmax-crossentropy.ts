import { type Tensor, div, exp, expandDims, log, max, mul, neg, oneHot, sub, sum } from "@tensorflow/tfjs-core";
import { withGradient } from "./custom-gradient.ts";

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
  const classes = logits.shape.at(-1) ?? 1;
  return softmaxCrossentropy(oneHot(labels, classes, 1, 0, "float32"), logits);
}
