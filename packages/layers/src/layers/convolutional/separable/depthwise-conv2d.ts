import type { Options } from "@featuremap/tensor";
import { DepthwiseConv, type DepthwiseConfig, depthwiseOptions } from "./depthwise-conv.ts";

export type DepthwiseConv2DConfig = DepthwiseConfig<2>;

/**
 * Cross-correlates each channel of images with kernels of its own: `y = activation(x * kernel + bias)`.
 *
 * Shape: `[batch, height, width, channels]` to `[batch, height', width', channels * depthMultiplier]`, channels second with
 * `channelsFirst`; output channels of one input channel follow each other. The kernel is
 * `[kernelHeight, kernelWidth, channels, depthMultiplier]`. Strides and dilation may both be other than 1.
 * Source: Keras `DepthwiseConv2D`.
 *
 * @throws {InvalidConfigError} an option is out of range.
 * @differs with `channelsFirst`, the bias is always per channel; Keras 3.15 on TensorFlow adds it along the last axis
 * if that has as many elements as there are channels
 */
export class DepthwiseConv2D extends DepthwiseConv<2> {
  static override readonly className: string = "DepthwiseConv2D";
  static override readonly options: Options<DepthwiseConv2DConfig> = depthwiseOptions(2);

  constructor(config: DepthwiseConv2DConfig) {
    super(config, 2);
  }
}
