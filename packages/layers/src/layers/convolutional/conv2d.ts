import type { Options, Padding } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { conv2d, type FusableActivation } from "@featuremap/operations";
import { Convolution, type ConvolutionConfig, convolutionOptions } from "./convolution.ts";
import { commonPaddings } from "../../config/options.ts";

export type Conv2DConfig = ConvolutionConfig<2>;

/**
 * Cross-correlates images with learned kernels: `y = activation(x * kernel + bias)`.
 *
 * Shape: `[batch, height, width, channels]` to `[batch, height', width', filters]`, channels second with
 * `channelsFirst`. The kernel is `[kernelHeight, kernelWidth, channels / groups, filters]`.
 * Source: Keras `Conv2D`.
 *
 * @throws {InvalidConfigError} an option is out of range, `filters` is not a multiple of `groups`, or strides and
 * dilation are both other than 1.
 * @differs with `channelsFirst`, the bias is always per channel; Keras 3.15 on TensorFlow adds it along the last axis
 * if that has as many elements as there are channels
 */
export class Conv2D extends Convolution<2, Padding> {
  static override readonly className: string = "Conv2D";
  static override readonly options: Options<Conv2DConfig> = convolutionOptions(2, commonPaddings);

  constructor(config: Conv2DConfig) {
    super(config, 2, commonPaddings);
  }

  protected override convolve(images: tf.Tensor, bias: tf.Tensor1D | null, activation: FusableActivation): tf.Tensor {
    const kernel = this.kernel.variable as tf.Tensor as tf.Tensor4D;
    return conv2d(images as tf.Tensor4D, kernel, bias, activation, this.geometry);
  }
}
