import type { Options } from "@featuremap/tensor";
import { SeparableConv, type SeparableConfig, separableOptions } from "./separable-conv.ts";

export type SeparableConv1DConfig = SeparableConfig<1>;

/**
 * Cross-correlates each channel of rows by itself, and then mixes the channels at each place.
 *
 * `y = activation((x * depthwiseKernel) * pointwiseKernel + bias)`.
 * Shape: `[batch, steps, channels]` to `[batch, steps', filters]`, channels second with
 * `channelsFirst`. The kernels are `[kernelSteps, channels, depthMultiplier]` and
 * `[1, channels * depthMultiplier, filters]`. Strides and dilation may both be other than 1.
 * Source: Chollet, "Xception", CVPR 2017; Keras `SeparableConv1D`.
 *
 * @throws {InvalidConfigError} an option is out of range.
 * @differs with `channelsFirst`, the bias is always per channel; Keras 3.15 on TensorFlow adds it along the last axis
 * if that has as many elements as there are channels
 */
export class SeparableConv1D extends SeparableConv<1> {
  static override readonly className: string = "SeparableConv1D";
  static override readonly options: Options<SeparableConv1DConfig> = separableOptions(1);

  constructor(config: SeparableConv1DConfig) {
    super(config, 1);
  }
}
