import {
  InvalidConfigError,
  Option,
  type Options,
  type Padding,
  type Shape,
  ShapeError,
  formatShape,
} from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { convolveInFormat, type FusableActivation, type InnerWork } from "@featuremap/operations";
import { elementsOf } from "../../config/element-counts.ts";
import { onceForEach } from "../../config/once-for-each.ts";
import { dataFormatOption, lengthsOption, paddingAmong } from "../../config/kinds.ts";
import type { DataFormat } from "../../config/options.ts";
import { type KernelConfig, KernelLayer, activity, kernelOptions } from "../../layer/kernel-layer.ts";
import {
  type SlidingKernel,
  type SlidingKernelConfig,
  refuseStridedAndDilated,
  slidingKernel,
} from "./sliding-kernel.ts";
import { convolutionWork } from "../../layer/sliding-work.ts";
import { type Lengths, type SpatialRank, readSpatialShape, slidingShape } from "../../config/spatial.ts";

/** What convolutions of rows, images and volumes take. */
export interface ConvolutionConfig<Rank extends SpatialRank, Zeros extends string = Padding>
  extends KernelConfig, SlidingKernelConfig<Rank, Zeros> {
  /** Number of output channels. */
  readonly filters: number;
  /** Number of parts into which channels fall, each convolved by itself. Default: 1. */
  readonly groups?: number | undefined;
}

const declare = onceForEach(
  <Rank extends SpatialRank, Zeros extends string>(rank: Rank, paddings: readonly Zeros[]) => ({
    filters: Option.integer(),
    kernelSize: lengthsOption(rank),
    strides: lengthsOption(rank).default(1),
    padding: paddingAmong(paddings),
    dataFormat: dataFormatOption(),
    dilationRate: lengthsOption(rank).default(1),
    groups: Option.integer().default(1),
    ...activity,
  }),
);

/** These options, for that many axes and these paddings, the first by default. */
export function convolutionOptions<Rank extends SpatialRank, Zeros extends string>(
  rank: Rank,
  paddings: readonly Zeros[],
): Options<ConvolutionConfig<Rank, Zeros>> {
  const { activityRegularizer, ...own } = declare(rank, paddings);
  return { ...own, ...kernelOptions, activityRegularizer };
}

/** A convolution over any number of spatial axes. */
export abstract class Convolution<Rank extends SpatialRank, Zeros extends Padding | "causal"> extends KernelLayer<
  ConvolutionConfig<Rank, Zeros>
> {
  readonly filters: number;
  readonly kernelSize: Lengths<Rank>;
  readonly dataFormat: DataFormat;
  readonly groups: number;
  /** How the kernel moves. */
  readonly sliding: SlidingKernel<Rank, Zeros>;
  /** The same with its groups, as operations take it. */
  readonly geometry: SlidingKernel<Rank, Zeros> & { readonly groups: number };
  readonly #rank: Rank;

  /** @param paddings that the layer knows */
  constructor(config: ConvolutionConfig<Rank, Zeros>, rank: Rank, paddings: readonly Zeros[]) {
    super(config);
    const owner = this.className;
    this.#rank = rank;
    const values = this.settle(declare(rank, paddings));
    this.filters = values.filters;
    this.kernelSize = values.kernelSize;
    this.dataFormat = values.dataFormat;
    this.groups = values.groups;
    this.sliding = slidingKernel(values);
    refuseStridedAndDilated(owner, this.sliding);
    if (this.filters % this.groups !== 0) {
      throw new InvalidConfigError(owner, "groups", `a divisor of filters, ${this.filters}`, this.groups);
    }
    this.geometry = { ...this.sliding, groups: this.groups };
  }

  /** The convolution of an input whose channels are last. */
  protected abstract convolve(input: tf.Tensor, bias: tf.Tensor1D | null, activation: FusableActivation): tf.Tensor;

  override outputShape(input: Shape): Shape {
    const { channels } = readSpatialShape(this.name, input, this.dataFormat, this.#rank);
    const expected = this.kernelShape === null ? null : (this.kernelShape.at(-2) ?? 0) * this.groups;
    if (channels === null || (expected !== null && channels !== expected)) {
      throw new ShapeError(this.name, "channels of the input", `${expected ?? "known"}`, formatShape(input));
    }
    if (channels % this.groups !== 0) {
      throw new ShapeError(this.name, "channels", `a multiple of groups, ${this.groups}`, `${channels}`);
    }
    return slidingShape(this.name, input, this.sliding, this.dataFormat, this.#rank, this.filters);
  }

  protected override createWeights(input: Shape): void {
    const channels = readSpatialShape(this.name, input, this.dataFormat, this.#rank).channels ?? 0;
    this.addKernel([...this.kernelSize, channels / this.groups, this.filters], this.filters);
  }

  protected override innerWork([input = []]: readonly Shape[], [output = []]: readonly Shape[]): InnerWork {
    const shape = readSpatialShape(this.name, input, this.dataFormat, this.#rank);
    return convolutionWork(shape, elementsOf(output), this.sliding, (shape.channels ?? 1) / this.groups);
  }

  override call(input: tf.Tensor): tf.Tensor {
    const bias = (this.bias?.variable ?? null) as tf.Tensor1D | null;
    return convolveInFormat(input, this.dataFormat, this.activation, (data, activation) =>
      this.convolve(data, bias, activation),
    );
  }
}
