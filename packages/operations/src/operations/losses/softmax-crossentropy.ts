import { shapesEqual } from "@featuremap/tensor";
import {
  type NamedTensorMap,
  type Tensor,
  div,
  engine,
  exp,
  expandDims,
  getBackend,
  getKernel,
  log,
  max,
  mul,
  neg,
  oneHot,
  sub,
  sum,
} from "@tensorflow/tfjs-core";
import { withGradient } from "../custom-gradient.ts";

/**
 * Cross-entropy between a distribution and the softmax of logits, without forming the probabilities:
 * `-sum_k y_k * (z_k - m - log(sum_j exp(z_j - m)))` with `m = max(z)`.
 *
 * The gradient is TensorFlow's `softmax(z) - y`, also where a row of `y` does not add up to 1.
 * A device may offer `SoftmaxCrossentropy`: float32 `{ target, logits }` to the loss and `softmax(z) - y`.
 *
 * @param target float32 `[..., classes]`, held constant
 * @param logits float32 `[..., classes]`
 * @returns float32 `[...]`
 */
export function softmaxCrossentropy(target: Tensor, logits: Tensor): Tensor {
  const inPlace = target.dtype === "float32" && shapesEqual(target.shape, logits.shape);
  if (inPlace && takes("SoftmaxCrossentropy", logits)) return onDevice("SoftmaxCrossentropy", { target }, logits);
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
 * A device may offer `SparseSoftmaxCrossentropy`: int32 `{ labels }` and float32 `{ logits }` to the same two.
 *
 * @param labels int32 `[...]`, each in [0, classes)
 * @param logits float32 `[..., classes]`
 * @returns float32 `[...]`
 */
export function sparseSoftmaxCrossentropy(labels: Tensor, logits: Tensor): Tensor {
  const beside = labels.dtype === "int32" && shapesEqual(labels.shape, logits.shape.slice(0, -1));
  if (beside && takes("SparseSoftmaxCrossentropy", logits)) {
    return onDevice("SparseSoftmaxCrossentropy", { labels }, logits);
  }
  const classes = logits.shape.at(-1) ?? 1;
  return softmaxCrossentropy(oneHot(labels, classes, 1, 0, "float32"), logits);
}

/** Whether the device has a kernel of its own for logits like these. */
function takes(kernelName: string, logits: Tensor): boolean {
  return logits.dtype === "float32" && logits.rank > 0 && getKernel(kernelName, getBackend()) !== undefined;
}

/** Loss and gradient from one kernel; what it was computed from is not kept. */
function onDevice(kernelName: string, labels: NamedTensorMap, logits: Tensor): Tensor {
  return withGradient(
    logits,
    (z) => {
      const [value, slope] = engine().runKernel<[Tensor, Tensor]>(kernelName, { ...labels, logits: z }, {});
      return { value, saved: [slope] };
    },
    (gradient, saved) => mul(saved[0] as Tensor, expandDims(gradient, -1)),
  );
}
