import { type FixedShape, Option, type Options, type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { Activation, ActivationChoice } from "../../../parts/activations.ts";
import {
  asImageKernel,
  asImageLengths,
  asImages,
  convolveInFormat,
  depthwiseConv2d,
  throughImages,
  type FusableActivation,
  type InnerWork,
} from "@featuremap/operations";
import { elementsOf } from "../../../config/element-counts.ts";
import { onceForEach } from "../../../config/once-for-each.ts";
import { dataFormatOption, lengthsOption, paddingOption } from "../../../config/kinds.ts";
import type { DataFormat } from "../../../config/options.ts";
import { readSpatialShape, slidingShape } from "../../../config/spatial.ts";
import { type LayerConfig, commonOptions } from "../../../layer/layer-config.ts";
import { Layer } from "../../../layer/layer.ts";
import {
  activationOption,
  constraintOption,
  initializerOption,
  regularizerOption,
} from "../../../layer/part-options.ts";
import { addedElements, convolutionWork } from "../../../layer/sliding-work.ts";
import { requireBuilt } from "../../../layer/weights/require-built.ts";
import type { WeightParts, WeightPartsConfig } from "../../../layer/weights/weight-parts.ts";
import type { Weight } from "../../../layer/weights/weight.ts";
import { type SlidingKernel, type SlidingKernelConfig, slidingKernel } from "../sliding-kernel.ts";

/** What depthwise convolutions and those that begin with one take. */
export interface DepthwiseConfig<Rank extends 1 | 2>
  extends LayerConfig, SlidingKernelConfig<Rank>, WeightPartsConfig<"depthwise">, WeightPartsConfig<"bias"> {
  /** Number of channels that come out for each that goes in. Default: 1. */
  readonly depthMultiplier?: number | undefined;
  /** Applied to the output. Default: linear. */
  readonly activation?: ActivationChoice;
  /** Whether a bias is added. Default: true. */
  readonly useBias?: boolean | undefined;
}

const declare = onceForEach(<Rank extends 1 | 2>(rank: Rank) => ({
  kernelSize: lengthsOption<Rank>(rank),
  strides: lengthsOption<Rank>(rank).default(1),
  padding: paddingOption(),
  depthMultiplier: Option.integer().default(1),
  dataFormat: dataFormatOption(),
  dilationRate: lengthsOption<Rank>(rank).default(1),
  activation: activationOption(),
  useBias: Option.flag().default(true),
  depthwiseInitializer: initializerOption("glorotUniform"),
  biasInitializer: initializerOption("zeros"),
  depthwiseRegularizer: regularizerOption(),
  biasRegularizer: regularizerOption(),
  // Keras saves this of convolutions even where it is null.
  activityRegularizer: regularizerOption(),
  depthwiseConstraint: constraintOption(),
  biasConstraint: constraintOption(),
}));

/** These options, for that many axes. */
export function depthwiseOptions<Rank extends 1 | 2>(rank: Rank): Options<DepthwiseConfig<Rank>> {
  return { ...declare(rank), ...commonOptions };
}

/** A layer that convolves each channel by itself, over rows or over images. */
export abstract class DepthwiseLayer<Rank extends 1 | 2, Config extends DepthwiseConfig<Rank>> extends Layer<Config> {
  readonly kernelSize: readonly number[];
  readonly depthMultiplier: number;
  readonly dataFormat: DataFormat;
  readonly activation: Activation;
  readonly useBias: boolean;
  protected readonly rank: Rank;
  protected readonly sliding: SlidingKernel<Rank>;
  protected readonly depthwiseParts: WeightParts;
  protected readonly biasParts: WeightParts;
  #depthwise: Weight | null = null;
  #bias: Weight | null = null;

  constructor(config: Config, rank: Rank) {
    super(config);
    this.rank = rank;
    const values = this.settle(declare(rank));
    this.kernelSize = values.kernelSize;
    this.depthMultiplier = values.depthMultiplier;
    this.dataFormat = values.dataFormat;
    this.activation = values.activation;
    this.useBias = values.useBias;
    this.sliding = slidingKernel(values);
    this.depthwiseParts = {
      initializer: values.depthwiseInitializer,
      regularizer: values.depthwiseRegularizer,
      constraint: values.depthwiseConstraint,
    };
    this.biasParts = {
      initializer: values.biasInitializer,
      regularizer: values.biasRegularizer,
      constraint: values.biasConstraint,
    };
  }

  /** `null` without a bias, or before the layer is built. */
  get bias(): Weight | null {
    return this.#bias;
  }

  /** The kernel that sees each channel by itself. */
  protected get depthwiseWeight(): Weight {
    return requireBuilt(this.name, this.#depthwise);
  }

  protected get biasTensor(): tf.Tensor1D | null {
    return (this.#bias?.variable ?? null) as tf.Tensor1D | null;
  }

  /** Channels that come out for so many that go in. */
  protected abstract outputChannels(channels: number): number;

  /** The convolution of images, or of rows as images of one row. */
  protected abstract convolve(images: tf.Tensor4D, activation: FusableActivation): tf.Tensor;

  override outputShape(input: Shape): Shape {
    const { channels } = readSpatialShape(this.name, input, this.dataFormat, this.rank);
    const expected = this.#depthwise?.shape[this.rank] ?? null;
    if (channels === null || (expected !== null && channels !== expected)) {
      throw new ShapeError(this.name, "channels of the input", `${expected ?? "known"}`, formatShape(input));
    }
    return slidingShape(this.name, input, this.sliding, this.dataFormat, this.rank, this.outputChannels(channels));
  }

  /** Channels of an input that {@link outputShape} has accepted. */
  protected channelsOf(input: Shape): number {
    return readSpatialShape(this.name, input, this.dataFormat, this.rank).channels ?? 0;
  }

  protected addDepthwiseKernel(name: string, channels: number): void {
    const shape: FixedShape = [...this.kernelSize, channels, this.depthMultiplier];
    this.#depthwise = this.addWeight(name, shape, this.depthwiseParts.initializer, this.depthwiseParts);
  }

  protected addBias(length: number): void {
    if (this.useBias) this.#bias = this.addWeight("bias", [length], this.biasParts.initializer, this.biasParts);
  }

  protected override innerWork([input = []]: readonly Shape[], _outputs: readonly Shape[]): InnerWork {
    const shape = readSpatialShape(this.name, input, this.dataFormat, this.rank);
    const { strides, dilation } = this.sliding;
    const channels = (shape.channels ?? 1) * this.depthMultiplier;
    // A kernel with gaps that takes steps takes all positions first, padded to whole steps.
    const isThinned = Math.max(...strides) > 1 && Math.max(...dilation) > 1;
    const window = isThinned ? { ...this.sliding, strides: strides.map(() => 1) } : this.sliding;
    const all = elementsOf(slidingShape(this.name, input, window, this.dataFormat, this.rank, channels));
    const work = convolutionWork(shape, all, window, 1);
    if (!isThinned) return work;
    return { ...work, elements: work.elements + all + addedElements({ ...shape, channels }, strides) };
  }

  override call(input: tf.Tensor): tf.Tensor {
    return convolveInFormat(input, this.dataFormat, this.activation, (data, activation) =>
      this.rank === 1
        ? throughImages(data, (images) => this.convolve(images, activation))
        : this.convolve(asImages(data), activation),
    );
  }

  /** The depthwise part of the computation. */
  protected convolveDepthwise(
    images: tf.Tensor4D,
    bias: tf.Tensor1D | null,
    activation: FusableActivation,
  ): tf.Tensor4D {
    return depthwiseConv2d(images, asImageKernel(this.depthwiseWeight.variable), bias, activation, {
      strides: asImageLengths(this.sliding.strides),
      padding: this.sliding.padding,
      dilation: asImageLengths(this.sliding.dilation),
    });
  }
}

/** A layer that convolves each channel by itself, and nothing more. */
export abstract class DepthwiseConv<Rank extends 1 | 2> extends DepthwiseLayer<Rank, DepthwiseConfig<Rank>> {
  /** @throws {NotReadyError} the layer is not built. */
  get kernel(): Weight {
    return this.depthwiseWeight;
  }

  protected override outputChannels(channels: number): number {
    return channels * this.depthMultiplier;
  }

  protected override createWeights(input: Shape): void {
    const channels = this.channelsOf(input);
    this.addDepthwiseKernel("kernel", channels);
    this.addBias(channels * this.depthMultiplier);
  }

  protected override convolve(images: tf.Tensor4D, activation: FusableActivation): tf.Tensor {
    return this.convolveDepthwise(images, this.biasTensor, activation);
  }
}
