import { type OptionNames, type Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { resolveActivation } from "../../../parts/activations.ts";
import { asImageKernel, conv2d, type FusableActivation, type InnerWork } from "@featuremap/operations";
import type { ConfigReader } from "../../../config/config-reader.ts";
import { readConstraint, readInitializer, readRegularizer } from "../../../layer/reading/part-readers.ts";
import { elementsOf } from "../../../config/element-counts.ts";
import type { Weight } from "../../../layer/weights/weight.ts";
import { type DepthwiseConfig, DepthwiseLayer, depthwiseOptions, readDepthwiseConfig } from "./depthwise-conv.ts";
import { requirePositiveInteger } from "../../../config/options.ts";
import {
  type WeightParts,
  type WeightPartsConfig,
  resolveWeightParts,
  weightPartsEntries,
} from "../../../layer/weights/weight-parts.ts";
import { requireBuilt } from "../../../layer/weights/require-built.ts";

/** What separable convolutions take. */
export interface SeparableConfig<Rank extends 1 | 2> extends DepthwiseConfig<Rank>, WeightPartsConfig<"pointwise"> {
  /** Number of output channels. */
  readonly filters: number;
}

/** The names of these options. */
export const separableOptions: OptionNames<SeparableConfig<1 | 2>> = {
  filters: true,
  ...depthwiseOptions,
  pointwiseInitializer: true,
  pointwiseRegularizer: true,
  pointwiseConstraint: true,
};

const pointwiseGeometry = { strides: [1, 1], padding: "valid", dilation: [1, 1], groups: 1 } as const;

/** A depthwise convolution, and one of a single element that mixes its channels. */
export abstract class SeparableConv<Rank extends 1 | 2> extends DepthwiseLayer<Rank, SeparableConfig<Rank>> {
  readonly filters: number;
  readonly #parts: WeightParts;
  #pointwise: Weight | null = null;

  constructor(config: SeparableConfig<Rank>, rank: Rank) {
    super(config, rank);
    this.filters = requirePositiveInteger(this.className, "filters", config.filters);
    const { pointwiseInitializer, pointwiseRegularizer, pointwiseConstraint } = config;
    this.#parts = resolveWeightParts(
      this.className,
      "pointwise",
      { initializer: pointwiseInitializer, regularizer: pointwiseRegularizer, constraint: pointwiseConstraint },
      "glorotUniform",
    );
  }

  /** @throws {NotReadyError} the layer is not built. */
  get depthwiseKernel(): Weight {
    return this.depthwiseWeight;
  }

  /** @throws {NotReadyError} the layer is not built. */
  get pointwiseKernel(): Weight {
    return requireBuilt(this.name, this.#pointwise);
  }

  protected override outputChannels(): number {
    return this.filters;
  }

  protected override createWeights(input: Shape): void {
    const channels = this.channelsOf(input);
    this.addDepthwiseKernel("depthwise_kernel", channels);
    const shape = [...this.kernelSize.map(() => 1), channels * this.depthMultiplier, this.filters];
    this.#pointwise = this.addWeight("pointwise_kernel", shape, this.#parts.initializer, this.#parts);
    this.addBias(this.filters);
  }

  protected override innerWork(inputs: readonly Shape[], outputs: readonly Shape[]): InnerWork {
    const work = super.innerWork(inputs, outputs);
    const [[input = []], [output = []]] = [inputs, outputs];
    const channels = this.channelsOf(input) * this.depthMultiplier;
    const pixels = elementsOf(output) / this.filters;
    return {
      operations: work.operations + pixels * channels * this.filters,
      elements: work.elements + pixels * channels,
    };
  }

  protected override convolve(images: tf.Tensor4D, activation: FusableActivation): tf.Tensor {
    const apart = this.convolveDepthwise(images, null, resolveActivation(this.className, "linear"));
    const kernel = asImageKernel(this.pointwiseKernel.variable);
    return conv2d(apart, kernel, this.biasTensor, activation, pointwiseGeometry);
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), filters: this.filters, ...weightPartsEntries("pointwise", this.#parts) };
  }
}

/** The options of these layers in Keras's config. */
export function readSeparableConfig<Rank extends 1 | 2>(reader: ConfigReader, rank: Rank): SeparableConfig<Rank> {
  return {
    ...readDepthwiseConfig(reader, rank),
    filters: reader.number("filters") ?? 0,
    pointwiseInitializer: readInitializer(reader, "pointwise_initializer"),
    pointwiseRegularizer: readRegularizer(reader, "pointwise_regularizer"),
    pointwiseConstraint: readConstraint(reader, "pointwise_constraint"),
  };
}
