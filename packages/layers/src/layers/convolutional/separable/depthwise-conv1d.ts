import type { Options } from "@featuremap/tensor";
import { DepthwiseConv, type DepthwiseConfig, depthwiseOptions } from "./depthwise-conv.ts";

export type DepthwiseConv1DConfig = DepthwiseConfig<1>;

/**
 * Cross-correlates each channel of rows with kernels of its own: `y = activation(x * kernel + bias)`.
 *
 * Shape: `[batch, steps, channels]` to `[batch, steps', channels * depthMultiplier]`, channels second with
 * `channelsFirst`; output channels of one input channel follow each other. The kernel is
 * `[kernelSteps, channels, depthMultiplier]`. Strides and dilation may both be other than 1.
 * Source: Keras `DepthwiseConv1D`.
 *
 * @throws {InvalidConfigError} an option is out of range.
 * @differs with `channelsFirst`, the bias is always per channel; Keras 3.15 on TensorFlow adds it along the last axis
 * if that has as many elements as there are channels
 */
export class DepthwiseConv1D extends DepthwiseConv<1> {
  static override readonly className: string = "DepthwiseConv1D";
  static override readonly options: Options<DepthwiseConv1DConfig> = depthwiseOptions(1);

  constructor(config: DepthwiseConv1DConfig) {
    super(config, 1);
  }
}
