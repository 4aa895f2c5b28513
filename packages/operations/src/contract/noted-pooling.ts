import type { MaxPoolAttrs, Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import type { Kernel, Tolerance } from "./kernel.ts";

/** As TensorFlow.js's MaxPool, for windows of at most 256 elements. */
export interface NotedPoolingAttributes extends MaxPoolAttrs {
  /** `[n, h, w, c]`, which the gradient cannot tell from its inputs. */
  readonly inputShape: number[];
}

/** Of every kernel in this file. */
export const tolerance: Tolerance = { error: 4e-6, of: "tensor" };

/**
 * The largest element of each window of images `[n, h, w, c]`, and, in a tensor of type bool, a byte for each: which tap of
 * its window it is, `row * width + column`, the first of equal ones, never a NaN. Both are `[n, h', w', c]`.
 */
export const maxPoolWithChoice: Kernel<
  "MaxPoolWithChoice",
  { readonly x: Tensor },
  NotedPoolingAttributes,
  [y: Tensor4D, choice: Tensor4D]
> = { name: "MaxPoolWithChoice" };

/** The gradient of the maxima towards the images. */
export const maxPoolWithChoiceGrad: Kernel<
  "MaxPoolWithChoiceGrad",
  { readonly dy: Tensor; readonly choice: Tensor },
  NotedPoolingAttributes,
  Tensor4D
> = { name: "MaxPoolWithChoiceGrad" };
