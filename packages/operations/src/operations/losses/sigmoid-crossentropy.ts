import { type Tensor, abs, add, exp, log1p, mul, neg, relu, sigmoid, sub } from "@tensorflow/tfjs-core";
import { withGradient } from "../custom-gradient.ts";

/**
 * Cross-entropy between yes-or-no labels and the sigmoid of logits, without forming the probabilities:
 * `max(z, 0) - z * y + log(1 + exp(-|z|))`. The gradient is `sigmoid(z) - y`.
 *
 * @param target float32 `[...]`, held constant
 * @param logits float32 `[...]`
 * @returns float32 `[...]`
 */
export function sigmoidCrossentropy(target: Tensor, logits: Tensor): Tensor {
  return withGradient(
    logits,
    (z) => ({
      value: add(sub(relu(z), mul(z, target)), log1p(exp(neg(abs(z))))),
      saved: [z, target],
    }),
    (gradient, saved) => {
      const [z, labels] = saved as [Tensor, Tensor];
      return mul(sub(sigmoid(z), labels), gradient);
    },
  );
}
