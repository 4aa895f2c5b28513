import * as tf from "@tensorflow/tfjs-core";
import type { PartActivation } from "./activations.ts";
import type { Kernel, NoAttributes } from "./kernel.ts";

/* TensorFlow.js's own kernels that are run by name, mostly those of gradients: it has no public operations for them. */

type Inputs<Names extends string> = Readonly<Record<Names, tf.Tensor>>;

interface InputShape {
  readonly inputShape: number[];
}

interface FilterShape {
  readonly filterShape: number[];
}

/** How a convolution without dilation moves. */
export interface PlainConvolution extends Pick<tf.Conv2DAttrs, "strides" | "pad"> {
  readonly dimRoundingMode?: tf.Conv2DAttrs["dimRoundingMode"] | undefined;
}

type ImageConvolution = PlainConvolution & Pick<tf.Conv2DAttrs, "dataFormat">;
type DepthwiseConvolution = PlainConvolution & Pick<tf.Conv2DAttrs, "dilations">;
type VolumeConvolution = Pick<tf.Conv3DAttrs, "strides" | "pad">;

export interface FusedConv2DInputs extends Inputs<"x" | "filter"> {
  readonly bias?: tf.Tensor;
}

export interface FusedConv2DAttributes extends tf.Conv2DAttrs {
  readonly activation: PartActivation;
}

/** `activation(x * filter + bias)`. */
export const fusedConv2D: Kernel<"FusedConv2D", FusedConv2DInputs, FusedConv2DAttributes, tf.Tensor4D> = {
  name: tf.FusedConv2D,
};

/** `x * filter`. */
export const convolve: Kernel<
  "Conv2D",
  Inputs<"x" | "filter">,
  ImageConvolution & Pick<tf.Conv2DAttrs, "dilations">,
  tf.Tensor
> = { name: tf.Conv2D };

export const conv2DBackpropInput: Kernel<
  "Conv2DBackpropInput",
  Inputs<"dy" | "filter">,
  ImageConvolution & InputShape,
  tf.Tensor
> = { name: tf.Conv2DBackpropInput };

export const conv2DBackpropFilter: Kernel<
  "Conv2DBackpropFilter",
  Inputs<"x" | "dy">,
  ImageConvolution & FilterShape,
  tf.Tensor
> = { name: tf.Conv2DBackpropFilter };

export const depthwiseBackpropInput: Kernel<
  "DepthwiseConv2dNativeBackpropInput",
  Inputs<"dy" | "filter">,
  DepthwiseConvolution & InputShape,
  tf.Tensor
> = { name: tf.DepthwiseConv2dNativeBackpropInput };

export const depthwiseBackpropFilter: Kernel<
  "DepthwiseConv2dNativeBackpropFilter",
  Inputs<"x" | "dy">,
  DepthwiseConvolution & FilterShape,
  tf.Tensor
> = { name: tf.DepthwiseConv2dNativeBackpropFilter };

export const conv3DBackpropInput: Kernel<
  "Conv3DBackpropInputV2",
  Inputs<"dy" | "filter">,
  VolumeConvolution & InputShape,
  tf.Tensor
> = { name: tf.Conv3DBackpropInputV2 };

export const conv3DBackpropFilter: Kernel<
  "Conv3DBackpropFilterV2",
  Inputs<"x" | "dy">,
  VolumeConvolution & FilterShape,
  tf.Tensor
> = { name: tf.Conv3DBackpropFilterV2 };

export const maxPoolGrad: Kernel<"MaxPoolGrad", Inputs<"dy" | "input" | "output">, tf.MaxPoolGradAttrs, tf.Tensor> = {
  name: tf.MaxPoolGrad,
};

export const maxPool3DGrad: Kernel<
  "MaxPool3DGrad",
  Inputs<"dy" | "input" | "output">,
  tf.MaxPool3DGradAttrs,
  tf.Tensor
> = { name: tf.MaxPool3DGrad };

export const avgPoolGrad: Kernel<"AvgPoolGrad", Inputs<"dy" | "input">, tf.AvgPoolGradAttrs, tf.Tensor> = {
  name: tf.AvgPoolGrad,
};

export const avgPool3DGrad: Kernel<"AvgPool3DGrad", Inputs<"dy" | "input">, tf.AvgPool3DGradAttrs, tf.Tensor> = {
  name: tf.AvgPool3DGrad,
};

export const dilation2DBackpropInput: Kernel<
  "Dilation2DBackpropInput",
  Inputs<"x" | "filter" | "dy">,
  tf.Dilation2DAttrs,
  tf.Tensor
> = { name: tf.Dilation2DBackpropInput };

export const dilation2DBackpropFilter: Kernel<
  "Dilation2DBackpropFilter",
  Inputs<"x" | "filter" | "dy">,
  tf.Dilation2DAttrs,
  tf.Tensor
> = { name: tf.Dilation2DBackpropFilter };

export const lrnGrad: Kernel<"LRNGrad", Inputs<"x" | "y" | "dy">, tf.LRNGradAttrs, tf.Tensor> = { name: tf.LRNGrad };

export const eluGrad: Kernel<"EluGrad", Inputs<"dy" | "y">, NoAttributes, tf.Tensor> = { name: tf.EluGrad };

export const fill: Kernel<"Fill", object, tf.FillAttrs, tf.Tensor> = { name: tf.Fill };

export const select: Kernel<"Select", Inputs<"condition" | "t" | "e">, NoAttributes, tf.Tensor> = { name: tf.Select };
