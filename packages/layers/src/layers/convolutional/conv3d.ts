import type { Options, Padding, Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { conv3d, type FusableActivation, type InnerWork } from "@featuremap/operations";
import { elementsOf } from "../../config/element-counts.ts";
import { Convolution, type ConvolutionConfig, convolutionOptions } from "./convolution.ts";
import { commonPaddings } from "../../config/options.ts";
import { type SpatialShape, readSpatialShape } from "../../config/spatial.ts";

export type Conv3DConfig = ConvolutionConfig<3>;

/**
 * Cross-correlates volumes with learned kernels: `y = activation(x * kernel + bias)`.
 *
 * Shape: `[batch, depth, height, width, channels]` to `[batch, depth', height', width', filters]`, channels second with
 * `channelsFirst`. The kernel is `[kernelDepth, kernelHeight, kernelWidth, channels / groups, filters]`.
 * Source: Keras `Conv3D`.
 *
 * @throws {InvalidConfigError} an option is out of range, `filters` is not a multiple of `groups`, or strides and
 * dilation are both other than 1.
 * @differs with `channelsFirst`, the bias is always per channel; Keras 3.15 on TensorFlow adds it along the last axis
 * if that has as many elements as there are channels
 */
export class Conv3D extends Convolution<3, Padding> {
  static override readonly className: string = "Conv3D";
  static override readonly options: Options<Conv3DConfig> = convolutionOptions(3, commonPaddings);

  constructor(config: Conv3DConfig) {
    super(config, 3, commonPaddings);
  }

  protected override convolve(volumes: tf.Tensor, bias: tf.Tensor1D | null, activation: FusableActivation): tf.Tensor {
    const kernel = this.kernel.variable as tf.Tensor as tf.Tensor5D;
    return conv3d(volumes as tf.Tensor5D, kernel, bias, activation, this.geometry);
  }

  /** The planes under each position of the kernel stand side by side, and depth is padded to whole steps. */
  protected override innerWork(inputs: readonly Shape[], outputs: readonly Shape[]): InnerWork {
    const work = super.innerWork(inputs, outputs);
    const [input, output] = [inputs, outputs].map(([shape = []]) =>
      readSpatialShape(this.name, shape, this.dataFormat, 3),
    ) as [SpatialShape, SpatialShape];
    const [, ...plane] = input.lengths;
    const stacked = (output.lengths[0] ?? 1) * this.sliding.size[0] + this.sliding.strides[0];
    return { ...work, elements: work.elements + stacked * elementsOf([input.batch, ...plane, input.channels]) };
  }
}
