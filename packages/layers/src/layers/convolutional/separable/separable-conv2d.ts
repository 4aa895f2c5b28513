import type { OptionNames } from "@featuremap/tensor";
import type { ConfigReader } from "../../../config/config-reader.ts";
import { SeparableConv, type SeparableConfig, readSeparableConfig, separableOptions } from "./separable-conv.ts";

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
  static override readonly className = "SeparableConv2D";
  static override readonly options: OptionNames<SeparableConv2DConfig> = separableOptions;

  constructor(config: SeparableConv2DConfig) {
    super(config, 2);
  }

  static fromConfig(reader: ConfigReader): SeparableConv2D {
    return new SeparableConv2D(readSeparableConfig(reader, 2));
  }
}
