import { type FixedShape, type OptionNames, type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import {
  type Activation,
  type ActivationChoice,
  resolveShapeKeeping,
  serializeActivation,
} from "../../../parts/activations.ts";
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
import type { ConfigReader } from "../../../config/config-reader.ts";
import { serializePart } from "../../../config/keras-object.ts";
import { type LayerConfig, layerOptions } from "../../../layer/layer-config.ts";
import { Layer } from "../../../layer/layer.ts";
import { elementsOf } from "../../../config/element-counts.ts";
import {
  readActivation,
  readConstraint,
  readInitializer,
  readRegularizer,
} from "../../../layer/reading/part-readers.ts";
import type { Weight } from "../../../layer/weights/weight.ts";
import { type DataFormat, commonPaddings, requirePositiveInteger, requireBoolean } from "../../../config/options.ts";
import {
  type SlidingKernel,
  type SlidingKernelConfig,
  readSlidingKernel,
  requireSlidingKernel,
  slidingKernelEntries,
  slidingKernelOptions,
} from "../sliding-kernel.ts";
import { addedElements, convolutionWork } from "../../../layer/sliding-work.ts";
import { readSpatialShape, slidingShape } from "../../../config/spatial.ts";
import {
  type WeightParts,
  type WeightPartsConfig,
  resolveWeightParts,
  weightPartsEntries,
} from "../../../layer/weights/weight-parts.ts";
import { requireBuilt } from "../../../layer/weights/require-built.ts";

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

/** The names of these options. */
export const depthwiseOptions: OptionNames<DepthwiseConfig<1 | 2>> = {
  ...slidingKernelOptions,
  depthMultiplier: true,
  activation: true,
  useBias: true,
  depthwiseInitializer: true,
  depthwiseRegularizer: true,
  depthwiseConstraint: true,
  biasInitializer: true,
  biasRegularizer: true,
  biasConstraint: true,
  ...layerOptions,
};

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
    const owner = this.className;
    this.rank = rank;
    this.sliding = requireSlidingKernel(owner, config, rank, commonPaddings);
    this.kernelSize = this.sliding.size;
    this.dataFormat = this.sliding.dataFormat;
    this.depthMultiplier = requirePositiveInteger(owner, "depthMultiplier", config.depthMultiplier ?? 1);
    this.activation = resolveShapeKeeping(owner, config.activation);
    this.useBias = requireBoolean(this.className, "useBias", config.useBias, true);
    const { depthwiseInitializer, depthwiseRegularizer, depthwiseConstraint } = config;
    this.depthwiseParts = resolveWeightParts(
      owner,
      "depthwise",
      { initializer: depthwiseInitializer, regularizer: depthwiseRegularizer, constraint: depthwiseConstraint },
      "glorotUniform",
    );
    const { biasInitializer, biasRegularizer, biasConstraint } = config;
    this.biasParts = resolveWeightParts(
      owner,
      "bias",
      { initializer: biasInitializer, regularizer: biasRegularizer, constraint: biasConstraint },
      "zeros",
    );
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

  override getConfig(): Record<string, unknown> {
    return {
      ...super.getConfig(),
      ...slidingKernelEntries(this.sliding),
      depth_multiplier: this.depthMultiplier,
      activation: serializeActivation(this.activation),
      use_bias: this.useBias,
      ...weightPartsEntries("depthwise", this.depthwiseParts),
      ...weightPartsEntries("bias", this.biasParts),
      activity_regularizer: serializePart(this.activityRegularizer),
    };
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

/** The options of these layers in Keras's config. */
export function readDepthwiseConfig<Rank extends 1 | 2>(reader: ConfigReader, rank: Rank): DepthwiseConfig<Rank> {
  return {
    ...reader.base(),
    ...readSlidingKernel(reader, rank, commonPaddings),
    depthMultiplier: reader.number("depth_multiplier"),
    activation: readActivation(reader),
    useBias: reader.boolean("use_bias"),
    depthwiseInitializer: readInitializer(reader, "depthwise_initializer"),
    depthwiseRegularizer: readRegularizer(reader, "depthwise_regularizer"),
    depthwiseConstraint: readConstraint(reader, "depthwise_constraint"),
    biasInitializer: readInitializer(reader, "bias_initializer"),
    biasRegularizer: readRegularizer(reader, "bias_regularizer"),
    biasConstraint: readConstraint(reader, "bias_constraint"),
    activityRegularizer: readRegularizer(reader, "activity_regularizer"),
  };
}
