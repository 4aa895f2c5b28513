import { Option, type Options, type Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { resolveActivation } from "../../../parts/activations.ts";
import { asImageKernel, conv2d, type FusableActivation, type InnerWork } from "@featuremap/operations";
import { elementsOf } from "../../../config/element-counts.ts";
import { constraintOption, initializerOption, regularizerOption } from "../../../layer/part-options.ts";
import { requireBuilt } from "../../../layer/weights/require-built.ts";
import type { WeightParts, WeightPartsConfig } from "../../../layer/weights/weight-parts.ts";
import type { Weight } from "../../../layer/weights/weight.ts";
import { type DepthwiseConfig, DepthwiseLayer, depthwiseOptions } from "./depthwise-conv.ts";

/** What separable convolutions take. */
export interface SeparableConfig<Rank extends 1 | 2> extends DepthwiseConfig<Rank>, WeightPartsConfig<"pointwise"> {
  /** Number of output channels. */
  readonly filters: number;
}

/** These options, for that many axes. */
export function separableOptions<Rank extends 1 | 2>(rank: Rank): Options<SeparableConfig<Rank>> {
  const { filters, ...pointwise } = declared;
  return { filters, ...depthwiseOptions(rank), ...pointwise };
}

const declared = {
  filters: Option.integer(),
  pointwiseInitializer: initializerOption("glorotUniform"),
  pointwiseRegularizer: regularizerOption(),
  pointwiseConstraint: constraintOption(),
};

const pointwiseGeometry = { strides: [1, 1], padding: "valid", dilation: [1, 1], groups: 1 } as const;

/** A depthwise convolution, and one of a single element that mixes its channels. */
export abstract class SeparableConv<Rank extends 1 | 2> extends DepthwiseLayer<Rank, SeparableConfig<Rank>> {
  readonly filters: number;
  readonly #parts: WeightParts;
  #pointwise: Weight | null = null;

  constructor(config: SeparableConfig<Rank>, rank: Rank) {
    super(config, rank);
    const values = this.settle(declared);
    this.filters = values.filters;
    this.#parts = {
      initializer: values.pointwiseInitializer,
      regularizer: values.pointwiseRegularizer,
      constraint: values.pointwiseConstraint,
    };
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
}
