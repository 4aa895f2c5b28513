import type { Tensor } from "@tensorflow/tfjs-core";
import type { NoAttributes, OfferedKernel, Tolerance } from "./kernel.ts";

const tolerance: Tolerance = { error: 1e-5, of: "tensor" };

export interface SoftmaxCrossentropyInputs {
  /** `[..., classes]`, in the shape of the logits. */
  readonly target: Tensor;
  /** `[..., classes]`. */
  readonly logits: Tensor;
}

/** `-sum_k y_k log(softmax(z)_k)` of each row, `[...]`, and its gradient `softmax(z) - y` by the logits. */
export const softmaxCrossentropyWithSlope: OfferedKernel<
  "SoftmaxCrossentropy",
  SoftmaxCrossentropyInputs,
  NoAttributes,
  [loss: Tensor, slope: Tensor]
> = { name: "SoftmaxCrossentropy", tolerance };

export interface SparseSoftmaxCrossentropyInputs {
  /** Int32 `[...]`, class indices; a row whose index names no class has loss 0 and the slope `softmax(z)`. */
  readonly labels: Tensor;
  /** `[..., classes]`. */
  readonly logits: Tensor;
}

/** As {@link softmaxCrossentropyWithSlope}, for the distributions that are 1 at one class. */
export const sparseSoftmaxCrossentropyWithSlope: OfferedKernel<
  "SparseSoftmaxCrossentropy",
  SparseSoftmaxCrossentropyInputs,
  NoAttributes,
  [loss: Tensor, slope: Tensor]
> = { name: "SparseSoftmaxCrossentropy", tolerance };
