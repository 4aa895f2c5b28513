import type { Options, Padding } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { asImageKernel, conv2d, throughImages, type FusableActivation } from "@featuremap/operations";
import { Convolution, type ConvolutionConfig, convolutionOptions } from "./convolution.ts";
import { commonPaddings } from "../../config/options.ts";

/** `causal` puts all zeros before the first step, so that no output depends on later steps. */
export type CausalPadding = Padding | "causal";

/** As for images; `padding` may also be `causal`. */
export type Conv1DConfig = ConvolutionConfig<1, CausalPadding>;

const paddings: readonly CausalPadding[] = [...commonPaddings, "causal"];

/**
 * Cross-correlates rows with learned kernels: `y = activation(x * kernel + bias)`.
 *
 * Shape: `[batch, steps, channels]` to `[batch, steps', filters]`, channels second with `channelsFirst`. The kernel is
 * `[kernelSteps, channels / groups, filters]`.
 * Source: Keras `Conv1D`; `causal`: van den Oord et al., "WaveNet", 2016.
 *
 * @throws {InvalidConfigError} an option is out of range, `filters` is not a multiple of `groups`, or strides and
 * dilation are both other than 1.
 * @differs with `channelsFirst`, the bias is always per channel; Keras 3.15 on TensorFlow adds it along the last axis
 * if that has as many elements as there are channels
 */
export class Conv1D extends Convolution<1, CausalPadding> {
  static override readonly className: string = "Conv1D";
  static override readonly options: Options<Conv1DConfig> = convolutionOptions(1, paddings);

  constructor(config: Conv1DConfig) {
    super(config, 1, paddings);
  }

  protected override convolve(rows: tf.Tensor, bias: tf.Tensor1D | null, activation: FusableActivation): tf.Tensor {
    const { size, strides, padding, dilation } = this.sliding;
    const causal = padding === "causal";
    const zeros: [number, number] = [dilation[0] * (size[0] - 1), 0];
    const padded = causal ? tf.pad(rows, [[0, 0], zeros, [0, 0]]) : rows;
    return throughImages(padded, (images) =>
      conv2d(images, asImageKernel(this.kernel.variable), bias, activation, {
        strides: [1, strides[0]],
        padding: causal ? "valid" : padding,
        dilation: [1, dilation[0]],
        groups: this.groups,
      }),
    );
  }
}
