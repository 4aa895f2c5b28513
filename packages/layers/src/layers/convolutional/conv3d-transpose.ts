import type { Options, Shape } from "@featuremap/tensor";
import type { InnerWork } from "@featuremap/operations";
import { elementsOf } from "../../config/element-counts.ts";
import { ConvTranspose, type ConvTransposeConfig, convTransposeOptions } from "./conv-transpose.ts";
import { readSpatialShape } from "../../config/spatial.ts";

export type Conv3DTransposeConfig = ConvTransposeConfig<3>;

/**
 * Enlarges volumes: each element adds a learned kernel, scaled by it, to the output, and strides set how far apart.
 *
 * Shape: `[batch, depth, height, width, channels]` to `[batch, depth', height', width', filters]`, channels second with `channelsFirst`. Along
 * each axis `same` makes `n * stride` of `n`; `valid` makes `(n - 1) * stride + max(kernel, stride)`. The kernel is
 * `[kernelDepth, kernelHeight, kernelWidth, filters, channels]`.
 * Source: Zeiler et al., "Deconvolutional networks", CVPR 2010; Keras `Conv3DTranspose`.
 *
 * @throws {InvalidConfigError} an option is out of range, `outputPadding` makes a length that no convolution takes back,
 * or strides and dilation are both other than 1.
 * @differs with `channelsFirst`, the bias is always per channel; Keras 3.15 on TensorFlow adds it along the last axis
 * if that has as many elements as there are channels
 */
export class Conv3DTranspose extends ConvTranspose<3> {
  static override readonly className: string = "Conv3DTranspose";
  static override readonly options: Options<Conv3DTransposeConfig> = convTransposeOptions(3);

  constructor(config: Conv3DTransposeConfig) {
    super(config, 3);
  }

  /** Each plane of the input is spread by every plane of the kernel before they are added up. */
  protected override innerWork(inputs: readonly Shape[], outputs: readonly Shape[]): InnerWork {
    const work = super.innerWork(inputs, outputs);
    const [output = []] = outputs;
    const { batch, lengths } = readSpatialShape(this.name, output, this.dataFormat, 3);
    const [depth = 1, ...plane] = lengths;
    const spread = elementsOf([batch, depth, ...plane, this.filters]) * (this.kernelSize[0] ?? 1);
    return { operations: work.operations + spread, elements: work.elements + 2 * spread };
  }
}
