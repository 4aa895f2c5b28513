import type { Tensor } from "@tensorflow/tfjs-core";
import type { NoAttributes, Kernel, Tolerance } from "./kernel.ts";

/** Of every kernel in this file. */
export const tolerance: Tolerance = { error: 1e-5, of: "tensor" };

export interface SoftmaxCrossentropyInputs {
  /** `[..., classes]`, in the shape of the logits. */
  readonly target: Tensor;
  /** `[..., classes]`. */
  readonly logits: Tensor;
}

/** `-sum_k y_k log(softmax(z)_k)` of each row, `[...]`, and its gradient `softmax(z) - y` by the logits. */
export const softmaxCrossentropyWithSlope: Kernel<
  "SoftmaxCrossentropy",
  SoftmaxCrossentropyInputs,
  NoAttributes,
  [loss: Tensor, slope: Tensor]
> = { name: "SoftmaxCrossentropy" };

export interface SparseSoftmaxCrossentropyInputs {
  /** Int32 `[...]`, class indices; a row whose index names no class has loss 0 and the slope `softmax(z)`. */
  readonly labels: Tensor;
  /** `[..., classes]`. */
  readonly logits: Tensor;
}

/** As {@link softmaxCrossentropyWithSlope}, for the distributions that are 1 at one class. */
export const sparseSoftmaxCrossentropyWithSlope: Kernel<
  "SparseSoftmaxCrossentropy",
  SparseSoftmaxCrossentropyInputs,
  NoAttributes,
  [loss: Tensor, slope: Tensor]
> = { name: "SparseSoftmaxCrossentropy" };
