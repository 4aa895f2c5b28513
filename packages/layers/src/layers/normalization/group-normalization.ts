import { Option, type Options, type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { resolveAxis } from "../../config/resolve-axis.ts";
import { type NormalizationConfig, NormalizationLayer, normalizationOptions } from "./normalization-layer.ts";

export interface GroupNormalizationConfig extends NormalizationConfig {
  /** Number of groups, a divisor of the number of channels; -1 for each channel by itself. Default: 32. */
  readonly groups?: number | undefined;
  /** The channels axis. Default: -1. */
  readonly axis?: number | undefined;
}

const isGroups = (count: number): boolean => count === -1 || (Number.isInteger(count) && count >= 1);

const declared = {
  groups: Option.within("-1 or an integer of at least 1", isGroups).default(32),
  axis: Option.within("an integer other than 0", (axis) => Number.isInteger(axis) && axis !== 0).default(-1),
};

/**
 * Gives each group of channels of each input mean 0 and variance 1, then scales and shifts each channel.
 *
 * `y = gamma (x - mean) / sqrt(variance + epsilon) + beta`, with moments over all elements of a group.
 * Shape: `[batch, ..., channels]` to the same shape; `gamma` and `beta` are `[channels]`.
 * Source: Wu and He, ECCV 2018; Keras `GroupNormalization`.
 *
 * @throws {InvalidConfigError} `groups` is neither -1 nor an integer of at least 1, the axis is not an integer or is
 * the batch axis, or `epsilon` is negative.
 */
export class GroupNormalization extends NormalizationLayer<GroupNormalizationConfig> {
  static override readonly className: string = "GroupNormalization";
  static override readonly options: Options<GroupNormalizationConfig> = { ...declared, ...normalizationOptions };
  readonly axis: number;
  #groups: number;

  constructor(config: GroupNormalizationConfig = {}) {
    super(config);
    ({ groups: this.#groups, axis: this.axis } = this.settle(declared));
  }

  /** Number of groups; once the layer is built, -1 has become the number of channels. */
  get groups(): number {
    return this.#groups;
  }

  override outputShape(input: Shape): Shape {
    this.#channels(input);
    return input;
  }

  #channels(input: Shape): { readonly axis: number; readonly channels: number } {
    const [axis = 0] = resolveAxis(this.name, [this.axis], input);
    const channels = input[axis] ?? null;
    const expected = this.gamma?.shape[0] ?? this.beta?.shape[0] ?? channels;
    const groups = this.#groups === -1 ? 1 : this.#groups;
    if (axis === 0 || channels === null || channels % groups !== 0 || channels !== expected) {
      const wanted = expected === channels ? `a multiple of ${groups}` : `${expected}`;
      throw new ShapeError(
        this.name,
        "input",
        `of a length on axis ${this.axis} that is ${wanted}`,
        formatShape(input),
      );
    }
    return { axis, channels };
  }

  protected override createWeights(input: Shape): void {
    const { channels } = this.#channels(input);
    if (this.#groups === -1) this.#groups = channels;
    if (this.scale) this.addGamma([channels]);
    if (this.center) this.addBeta([channels]);
  }

  override call(input: tf.Tensor): tf.Tensor {
    const { axis, channels } = this.#channels(input.shape);
    const split = [this.#groups, channels / this.#groups];
    const grouped = tf.reshape(input, [...input.shape.slice(0, axis), ...split, ...input.shape.slice(axis + 1)]);
    const within = grouped.shape.map((_, index) => index).filter((index) => index !== 0 && index !== axis);
    const { mean, variance } = tf.moments(grouped, within, true);
    // Broadcasts over all axes but those of group and channel.
    const channelShape = grouped.shape.map((length, index) => (index === axis || index === axis + 1 ? length : 1));
    let factor = tf.rsqrt(tf.add(variance, this.epsilon));
    if (this.gamma !== null) factor = tf.mul(factor, tf.reshape(this.gamma.variable, channelShape));
    let output = tf.mul(tf.sub(grouped, mean), factor);
    if (this.beta !== null) output = tf.add(output, tf.reshape(this.beta.variable, channelShape));
    return tf.reshape(output, input.shape);
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), groups: this.groups };
  }
}
