import type { Conv2DAttrs, Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import type { StraightActivation } from "./activations.ts";
import type { Kernel, Tolerance } from "./kernel.ts";

/** Of every kernel in this file. */
export const tolerance: Tolerance = { error: 4e-6, of: "tensor" };

/** As for the convolution itself, dilation included. */
export interface FusedConvolutionGradientAttributes extends Conv2DAttrs {
  readonly activation: StraightActivation;
}

export interface FusedConv2DBackpropInputInputs {
  /** `[n, h', w', out]`, the derivative by the output. */
  readonly dy: Tensor;
  /** `[n, h', w', out]`, the output, which tells the activation's slope. */
  readonly y: Tensor;
  /** `[kh, kw, in, out]`. */
  readonly filter: Tensor;
}

/** The gradient of `y = activation(x * filter + bias)`, TensorFlow.js's FusedConv2D, towards x: `[n, h, w, in]`. */
export const fusedConv2DBackpropInput: Kernel<
  "FusedConv2DBackpropInput",
  FusedConv2DBackpropInputInputs,
  FusedConvolutionGradientAttributes & { readonly inputShape: number[] },
  Tensor4D
> = { name: "FusedConv2DBackpropInput" };

export interface FusedConv2DBackpropFilterInputs {
  /** `[n, h, w, in]`. */
  readonly x: Tensor;
  /** As for {@link fusedConv2DBackpropInput}. */
  readonly dy: Tensor;
  /** As for {@link fusedConv2DBackpropInput}. */
  readonly y: Tensor;
}

/** As {@link fusedConv2DBackpropInput}, towards filter and bias: `[kh, kw, in, out]` and `[out]`. */
export const fusedConv2DBackpropFilter: Kernel<
  "FusedConv2DBackpropFilter",
  FusedConv2DBackpropFilterInputs,
  FusedConvolutionGradientAttributes & { readonly filterShape: number[] },
  [filter: Tensor, bias: Tensor]
> = { name: "FusedConv2DBackpropFilter" };
