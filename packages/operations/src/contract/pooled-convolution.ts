import type { Conv2DAttrs, Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import type { StraightActivation } from "./activations.ts";
import type { Kernel, Tolerance } from "./kernel.ts";

export interface PooledConvolutionAttributes extends Conv2DAttrs {
  readonly dataFormat: "NHWC";
  readonly activation: StraightActivation;
  /** Whether to note which element of its window each maximum is, as the gradients need it. */
  readonly notes: boolean;
}

/** Of all three kernels: sums of some 250 products, of which ReLU6 may leave little beside their rounding errors. */
export const tolerance: Tolerance = { error: 2e-5, of: "tensor" };

export interface FusedConv2DMaxPoolInputs {
  /** `[n, h, w, in]`. */
  readonly x: Tensor;
  /** `[kh, kw, in, out]`. */
  readonly filter: Tensor;
  /** `[out]`. */
  readonly bias?: Tensor;
}

/**
 * The maxima of 2 x 2 windows, two apart and without padding, over `activation(x * filter + bias)`: for outputs
 * `[n, h', w', out]` of the convolution, `[n, floor(h' / 2), floor(w' / 2), out]`.
 *
 * With `notes` also, in a tensor of type bool and of the same shape, a byte for each: which element of its window it is,
 * `2 * row + column`, the first of equal ones. Devices without gradients may offer it too, for prediction.
 */
export const fusedConv2DMaxPool: Kernel<
  "FusedConv2DMaxPool",
  FusedConv2DMaxPoolInputs,
  PooledConvolutionAttributes,
  [y: Tensor4D] | [y: Tensor4D, choice: Tensor4D]
> = { name: "FusedConv2DMaxPool" };

/** What both gradients take; a maximum tells the activation's slope, and nothing reaches the elements that are none. */
export interface PooledConvolutionGradientInputs {
  /** The derivative by the maxima, in their shape. */
  readonly dy: Tensor;
  /** The maxima. */
  readonly y: Tensor;
  /** Which element of its window each maximum is, of type bool. */
  readonly choice: Tensor;
}

/** The gradient towards x: `[n, h, w, in]`. */
export const fusedConv2DMaxPoolBackpropInput: Kernel<
  "FusedConv2DMaxPoolBackpropInput",
  PooledConvolutionGradientInputs & { readonly filter: Tensor },
  PooledConvolutionAttributes & { readonly inputShape: number[] },
  Tensor4D
> = { name: "FusedConv2DMaxPoolBackpropInput" };

/** The gradients towards filter and bias: `[kh, kw, in, out]` and `[out]`. */
export const fusedConv2DMaxPoolBackpropFilter: Kernel<
  "FusedConv2DMaxPoolBackpropFilter",
  PooledConvolutionGradientInputs & { readonly x: Tensor },
  PooledConvolutionAttributes & { readonly filterShape: number[] },
  [filter: Tensor, bias: Tensor]
> = { name: "FusedConv2DMaxPoolBackpropFilter" };
