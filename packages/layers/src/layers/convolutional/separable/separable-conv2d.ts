import type { Options } from "@featuremap/tensor";
import { SeparableConv, type SeparableConfig, separableOptions } from "./separable-conv.ts";

export type SeparableConv2DConfig = SeparableConfig<2>;

/**
 * Cross-correlates each channel of images by itself, and then mixes the channels at each place.
 *
 * `y = activation((x * depthwiseKernel) * pointwiseKernel + bias)`.
 * Shape: `[batch, height, width, channels]` to `[batch, height', width', filters]`, channels second with
 * `channelsFirst`. The kernels are `[kernelHeight, kernelWidth, channels, depthMultiplier]` and
 * `[1, 1, channels * depthMultiplier, filters]`. Strides and dilation may both be other than 1.
 * Source: Chollet, "Xception", CVPR 2017; Keras `SeparableConv2D`.
 *
 * @throws {InvalidConfigError} an option is out of range.
 * @differs with `channelsFirst`, the bias is always per channel; Keras 3.15 on TensorFlow adds it along the last axis
 * if that has as many elements as there are channels
 */
export class SeparableConv2D extends SeparableConv<2> {
  static override readonly className: string = "SeparableConv2D";
  static override readonly options: Options<SeparableConv2DConfig> = separableOptions(2);

  constructor(config: SeparableConv2DConfig) {
    super(config, 2);
  }
}
