import {
  BatchNormalization,
  Conv2D,
  type Conv2DConfig,
  DepthwiseConv2D,
  ReLU,
  type SymbolicTensor,
} from "@featuremap/layers";

/** Moving moments follow within tens of steps: of a few hundred photos there are no more in an epoch. */
const momentum = 0.9;

/** A convolution without a bias, which the normalization after it would take away. "same", kernels by He's distribution. */
export function convolve(x: SymbolicTensor, config: Conv2DConfig): SymbolicTensor {
  return new Conv2D({ padding: "same", useBias: false, kernelInitializer: "heNormal", ...config }).apply(x);
}

/** A depthwise convolution of 3x3, as {@link convolve}. */
export function convolveDepthwise(x: SymbolicTensor, strides: number): SymbolicTensor {
  const layer = new DepthwiseConv2D({
    kernelSize: 3,
    strides,
    padding: "same",
    useBias: false,
    depthwiseInitializer: "heNormal",
  });
  return layer.apply(x);
}

export function normalize(x: SymbolicTensor): SymbolicTensor {
  return new BatchNormalization({ momentum }).apply(x);
}

/** Normalization, then ReLU. @param maxValue the most that ReLU lets through; no limit unless given */
export function normalizeAndRectify(x: SymbolicTensor, maxValue?: number): SymbolicTensor {
  return new ReLU({ maxValue }).apply(normalize(x));
}
