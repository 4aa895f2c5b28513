import {
  InvalidConfigError,
  Option,
  type Options,
  type Shape,
  ShapeError,
  dilatedKernelSize,
  formatShape,
} from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import {
  asImageKernel,
  asImageLengths,
  asImages,
  conv2dTranspose,
  conv3dTranspose,
  convolveInFormat,
  throughImages,
  type FusableActivation,
  type InnerWork,
} from "@featuremap/operations";
import { elementsOf } from "../../config/element-counts.ts";
import { onceForEach } from "../../config/once-for-each.ts";
import { dataFormatOption, lengthsOption, paddingOption } from "../../config/kinds.ts";
import type { DataFormat } from "../../config/options.ts";
import { type KernelConfig, KernelLayer, activity, kernelOptions } from "../../layer/kernel-layer.ts";
import {
  type SlidingKernel,
  type SlidingKernelConfig,
  refuseStridedAndDilated,
  slidingKernel,
} from "./sliding-kernel.ts";
import { addedElements, reachOf } from "../../layer/sliding-work.ts";
import {
  type Lengths,
  type Size,
  type SpatialRank,
  readSpatialShape,
  writeSpatialShape,
} from "../../config/spatial.ts";

/** What transposed convolutions take. */
export interface ConvTransposeConfig<Rank extends SpatialRank> extends KernelConfig, SlidingKernelConfig<Rank> {
  /** Number of output channels. */
  readonly filters: number;
  /**
   * Which of the lengths that the strides leave open the output has: elements added at its end, fewer than the strides.
   * Without it, the output is `strides` times as long as the input, or with `valid` as long as all kernels reach.
   */
  readonly outputPadding?: Size<Rank> | null | undefined;
}

const declare = onceForEach(<Rank extends SpatialRank>(rank: Rank) => ({
  filters: Option.integer(),
  kernelSize: lengthsOption(rank),
  strides: lengthsOption(rank).default(1),
  padding: paddingOption(),
  outputPadding: lengthsOption(rank, 0).orNull(),
  dataFormat: dataFormatOption(),
  dilationRate: lengthsOption(rank).default(1),
  ...activity,
}));

/** These options, for that many axes. */
export function convTransposeOptions<Rank extends SpatialRank>(rank: Rank): Options<ConvTransposeConfig<Rank>> {
  const { activityRegularizer, ...own } = declare(rank);
  return { ...own, ...kernelOptions, activityRegularizer };
}

/** A convolution run backward, over rows, images or volumes. */
export abstract class ConvTranspose<Rank extends SpatialRank> extends KernelLayer<ConvTransposeConfig<Rank>> {
  readonly filters: number;
  readonly kernelSize: readonly number[];
  readonly dataFormat: DataFormat;
  readonly #rank: Rank;
  readonly #sliding: SlidingKernel<Rank>;
  readonly #outputPadding: Lengths<Rank> | null;

  constructor(config: ConvTransposeConfig<Rank>, rank: Rank) {
    super(config);
    this.#rank = rank;
    const values = this.settle(declare(rank));
    this.filters = values.filters;
    this.kernelSize = values.kernelSize;
    this.dataFormat = values.dataFormat;
    this.#outputPadding = values.outputPadding;
    this.#sliding = slidingKernel(values);
    refuseStridedAndDilated(this.className, this.#sliding);
    this.#requireOutputLengths();
  }

  /** A convolution must make the input's length of the output's, or there is nothing to transpose. */
  #requireOutputLengths(): void {
    this.#outputPadding?.forEach((added, axis) => {
      const stride = this.#sliding.strides[axis] ?? 1;
      const fewest = this.#sliding.padding === "same" && this.#covered(axis) % 2 === 0 ? 1 : 0;
      if (added >= fewest && added < stride) return;
      const expected = fewest < stride ? `from ${fewest} to ${stride - 1}` : "absent";
      const where = `${expected} for kernel ${this.#covered(axis)}, stride ${stride} and padding ${this.#sliding.padding}`;
      throw new InvalidConfigError(this.className, "outputPadding", where, added);
    });
  }

  /** What the kernel covers along an axis, gaps included. */
  #covered(axis: number): number {
    return dilatedKernelSize(this.kernelSize[axis] ?? 1, this.#sliding.dilation[axis]);
  }

  #outputLength(length: number, axis: number): number {
    const stride = this.#sliding.strides[axis] ?? 1;
    const covered = this.#covered(axis);
    const added = this.#outputPadding?.[axis];
    if (this.#sliding.padding === "same") {
      return added === undefined ? length * stride : (length - 1) * stride + (covered % 2) + added;
    }
    return (length - 1) * stride + (added === undefined ? Math.max(covered, stride) : covered + added);
  }

  override outputShape(input: Shape): Shape {
    const shape = readSpatialShape(this.name, input, this.dataFormat, this.#rank);
    const expected = this.kernelShape?.at(-1) ?? null;
    if (shape.channels === null || (expected !== null && shape.channels !== expected)) {
      throw new ShapeError(this.name, "channels of the input", `${expected ?? "known"}`, formatShape(input));
    }
    const lengths = shape.lengths.map((length, axis) => (length === null ? null : this.#outputLength(length, axis)));
    return writeSpatialShape({ ...shape, lengths, channels: this.filters }, this.dataFormat);
  }

  protected override createWeights(input: Shape): void {
    const channels = readSpatialShape(this.name, input, this.dataFormat, this.#rank).channels ?? 0;
    this.addKernel([...this.kernelSize, this.filters, channels], this.filters);
  }

  protected override innerWork([input = []]: readonly Shape[], [output = []]: readonly Shape[]): InnerWork {
    const shape = readSpatialShape(this.name, input, this.dataFormat, this.#rank);
    const kernel = elementsOf(this.kernelSize);
    const isDilated = Math.max(...this.#sliding.dilation) > 1;
    if (!isDilated) return { operations: elementsOf(input) * kernel * this.filters, elements: 0 };
    // Turned into a convolution of the input with zeros on both sides.
    const zeros = reachOf(this.#sliding).map((reach) => 2 * reach);
    return {
      operations: elementsOf(output) * kernel * (shape.channels ?? 1),
      elements: addedElements(shape, zeros),
    };
  }

  override call(input: tf.Tensor): tf.Tensor {
    return convolveInFormat(input, this.dataFormat, this.activation, (data, activation) => {
      const lengths = data.shape.slice(1, -1).map((length, axis) => this.#outputLength(length, axis));
      if (this.#rank === 3) return this.#transposeVolumes(data as tf.Tensor5D, lengths, activation);
      const transpose = (images: tf.Tensor4D): tf.Tensor => this.#transpose(images, lengths, activation);
      return this.#rank === 1 ? throughImages(data, transpose) : transpose(asImages(data));
    });
  }

  #transpose(images: tf.Tensor4D, lengths: readonly number[], activation: FusableActivation): tf.Tensor {
    const kernel = asImageKernel(this.kernel.variable);
    const bias = (this.bias?.variable ?? null) as tf.Tensor1D | null;
    return conv2dTranspose(images, kernel, bias, activation, {
      strides: asImageLengths(this.#sliding.strides),
      padding: this.#sliding.padding,
      dilation: asImageLengths(this.#sliding.dilation),
      outputLengths: asImageLengths(lengths),
    });
  }

  #transposeVolumes(volumes: tf.Tensor5D, lengths: readonly number[], activation: FusableActivation): tf.Tensor {
    const kernel = this.kernel.variable as tf.Tensor as tf.Tensor5D;
    const { strides, padding, dilation } = this.#sliding as SlidingKernel<SpatialRank> as SlidingKernel<3>;
    return conv3dTranspose(volumes, kernel, (this.bias?.variable ?? null) as tf.Tensor1D | null, activation, {
      strides,
      padding,
      dilation,
      outputLengths: lengths as Lengths<SpatialRank> as Lengths<3>,
    });
  }
}
