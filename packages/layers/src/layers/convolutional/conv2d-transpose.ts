import type { Options } from "@featuremap/tensor";
import { ConvTranspose, type ConvTransposeConfig, convTransposeOptions } from "./conv-transpose.ts";

export type Conv2DTransposeConfig = ConvTransposeConfig<2>;

/**
 * Enlarges images: each element adds a learned kernel, scaled by it, to the output, and strides set how far apart.
 *
 * Shape: `[batch, height, width, channels]` to `[batch, height', width', filters]`, channels second with `channelsFirst`. Along
 * each axis `same` makes `n * stride` of `n`; `valid` makes `(n - 1) * stride + max(kernel, stride)`. The kernel is
 * `[kernelHeight, kernelWidth, filters, channels]`.
 * Source: Zeiler et al., "Deconvolutional networks", CVPR 2010; Keras `Conv2DTranspose`.
 *
 * @throws {InvalidConfigError} an option is out of range, `outputPadding` makes a length that no convolution takes back,
 * or strides and dilation are both other than 1.
 * @differs with `channelsFirst`, the bias is always per channel; Keras 3.15 on TensorFlow adds it along the last axis
 * if that has as many elements as there are channels
 */
export class Conv2DTranspose extends ConvTranspose<2> {
  static override readonly className: string = "Conv2DTranspose";
  static override readonly options: Options<Conv2DTransposeConfig> = convTransposeOptions(2);

  constructor(config: Conv2DTransposeConfig) {
    super(config, 2);
  }
}
