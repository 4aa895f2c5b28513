import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import type { PartActivation } from "./activations.ts";
import type { Kernel, Tolerance } from "./kernel.ts";

export interface GroupedConvolutionAttributes {
  readonly strides: [number, number];
  readonly pad: "valid" | "same";
  readonly dataFormat: "NHWC";
  /** Other than 1 only where the strides are 1. */
  readonly dilations: [number, number];
  /** Into how many equal parts the channels fall, at least 2; each part sees only its own. */
  readonly groups: number;
  /** The gradients take `dy` behind the activation, and do not look at it. */
  readonly activation: PartActivation;
}

/** Of every kernel in this file. */
export const tolerance: Tolerance = { error: 4e-6, of: "tensor" };

export interface GroupedConv2DInputs {
  /** `[n, h, w, in]`. */
  readonly x: Tensor;
  /** `[kh, kw, in / groups, out]`. */
  readonly filter: Tensor;
  /** `[out]`. */
  readonly bias?: Tensor;
}

/** `activation(x * filter + bias)` with the channels in groups: `[n, h', w', out]`. */
export const groupedConv2D: Kernel<"GroupedConv2D", GroupedConv2DInputs, GroupedConvolutionAttributes, Tensor4D> = {
  name: "GroupedConv2D",
};

/** The gradient of `x * filter` towards x: `[n, h, w, in]`. A device that offers {@link groupedConv2D} has it too. */
export const groupedConv2DBackpropInput: Kernel<
  "GroupedConv2DBackpropInput",
  { readonly dy: Tensor; readonly filter: Tensor },
  GroupedConvolutionAttributes & { readonly inputShape: number[] },
  Tensor4D
> = { name: "GroupedConv2DBackpropInput" };

/** The gradient of `x * filter` towards the filter. A device that offers {@link groupedConv2D} has it too. */
export const groupedConv2DBackpropFilter: Kernel<
  "GroupedConv2DBackpropFilter",
  { readonly x: Tensor; readonly dy: Tensor },
  GroupedConvolutionAttributes & { readonly filterShape: number[] },
  Tensor4D
> = { name: "GroupedConv2DBackpropFilter" };
