import type { OptionNames, Padding } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { Activation } from "../activations.ts";
import type { ConfigReader } from "../config-reader.ts";
import { conv3d } from "../operations/conv3d.ts";
import { Convolution, type ConvolutionConfig, convolutionOptions, readConvolutionConfig } from "./convolution.ts";
import { commonPaddings } from "./options.ts";

export type Conv3DConfig = ConvolutionConfig<3>;

/**
 * Cross-correlates volumes with learned kernels: `y = activation(x * kernel + bias)`.
 *
 * Shape: `[batch, depth, height, width, channels]` to `[batch, depth', height', width', filters]`, channels second with
 * `channelsFirst`. The kernel is `[kernelDepth, kernelHeight, kernelWidth, channels / groups, filters]`.
 * Source: Keras `Conv3D`.
 *
 * @throws {InvalidConfigError} an option is out of range, `filters` is no multiple of `groups`, or strides and
 * dilation are both other than 1.
 * @differs with `channelsFirst`, the bias belongs to the channels always; Keras 3.15 on TensorFlow adds it along the last axis
 * where that is as long as the channels are many
 */
export class Conv3D extends Convolution<3, Padding> {
  static override readonly className = "Conv3D";
  static override readonly options: OptionNames<Conv3DConfig> = convolutionOptions;

  constructor(config: Conv3DConfig) {
    super(config, 3, commonPaddings);
  }

  protected override convolve(volumes: tf.Tensor, bias: tf.Tensor1D | null, activation: Activation): tf.Tensor {
    const kernel = this.kernel.variable as tf.Tensor as tf.Tensor5D;
    return conv3d(volumes as tf.Tensor5D, kernel, bias, activation, { ...this.sliding, groups: this.groups });
  }

  static fromConfig(reader: ConfigReader): Conv3D {
    return new Conv3D(readConvolutionConfig(reader, 3, commonPaddings));
  }
}
