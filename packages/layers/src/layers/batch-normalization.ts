import { InvalidConfigError, type OptionNames, type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../config-reader.ts";
import type { Initializer } from "../initializers/initializer.ts";
import { type InitializerName, resolveInitializer } from "../initializers/resolve-initializer.ts";
import { serializePart } from "../keras-object.ts";
import type { CallContext } from "../layer.ts";
import {
  type Moments,
  type Scaling,
  channelMoments,
  normalizeByMoments,
  normalizeByOwnMoments,
  rowsOf,
} from "../operations/batch-normalization.ts";
import { readInitializer } from "../part-readers.ts";
import type { Weight } from "../weight.ts";
import { type NormalizationConfig, normalizationOptions, readNormalizationConfig } from "./normalization-config.ts";
import { NormalizationLayer } from "./normalization-layer.ts";
import { resolveAxis } from "./resolve-axis.ts";

export interface BatchNormalizationConfig extends NormalizationConfig {
  /** Where the channels are, counted from the end if negative; the last axis unless said otherwise. */
  readonly axis?: number | undefined;
  /** What the moving moments keep of their past in each training step, in [0, 1]; 0.99 unless said otherwise. */
  readonly momentum?: number | undefined;
  /** `zeros` unless said otherwise. */
  readonly movingMeanInitializer?: InitializerName | Initializer | undefined;
  /** `ones` unless said otherwise. */
  readonly movingVarianceInitializer?: InitializerName | Initializer | undefined;
  /** Whether several devices share their moments; there is one here, so it makes no difference. */
  readonly synchronized?: boolean | undefined;
}

/**
 * Normalises each channel to a mean near 0 and a deviation near 1: `(x - mean) / sqrt(variance + epsilon) * gamma + beta`.
 *
 * Training: by the batch's own mean and variance, which move the moving ones:
 * `moving = moving * momentum + own * (1 - momentum)`. Prediction, and training while `trainable` is false: by the
 * moving ones.
 * Shape: any, the channels' axis of known length, to the same shape.
 * Source: Ioffe and Szegedy, 2015; Keras `BatchNormalization`, without `renorm`.
 *
 * @throws {InvalidConfigError} `axis` is no integer, `momentum` is outside [0, 1], or `epsilon` is negative.
 */
export class BatchNormalization extends NormalizationLayer<BatchNormalizationConfig> {
  static override readonly className = "BatchNormalization";
  static override readonly options: OptionNames<BatchNormalizationConfig> = {
    ...normalizationOptions,
    axis: true,
    momentum: true,
    movingMeanInitializer: true,
    movingVarianceInitializer: true,
    synchronized: true,
  };
  readonly axis: number;
  readonly momentum: number;
  readonly movingMeanInitializer: Initializer;
  readonly movingVarianceInitializer: Initializer;
  #moving: { readonly mean: Weight; readonly variance: Weight } | null = null;

  constructor(config: BatchNormalizationConfig = {}) {
    super(config);
    const owner = this.className;
    this.axis = config.axis ?? -1;
    if (!Number.isInteger(this.axis)) throw new InvalidConfigError(owner, "axis", "an integer", this.axis);
    this.momentum = config.momentum ?? 0.99;
    if (!(this.momentum >= 0 && this.momentum <= 1)) {
      throw new InvalidConfigError(owner, "momentum", "in [0, 1]", this.momentum);
    }
    const { movingMeanInitializer: mean, movingVarianceInitializer: variance } = config;
    this.movingMeanInitializer = resolveInitializer(owner, "movingMeanInitializer", mean, "zeros");
    this.movingVarianceInitializer = resolveInitializer(owner, "movingVarianceInitializer", variance, "ones");
  }

  /** `null` before the layer is built. */
  get movingMean(): Weight | null {
    return this.#moving?.mean ?? null;
  }

  /** `null` before the layer is built. */
  get movingVariance(): Weight | null {
    return this.#moving?.variance ?? null;
  }

  override outputShape(input: Shape): Shape {
    const [axis] = resolveAxis(this.name, [this.axis], input);
    const channels = input[axis ?? 0] ?? null;
    const expected = this.#moving?.mean.shape[0];
    if (channels === null || (expected !== undefined && channels !== expected)) {
      const wanted = `${expected ?? "a known number of"} channels at axis ${this.axis}`;
      throw new ShapeError(this.name, "input", wanted, formatShape(input));
    }
    return input;
  }

  protected override createWeights(input: Shape): void {
    const shape = [input.at(this.axis) ?? 0];
    if (this.scale) this.addGamma(shape);
    if (this.center) this.addBeta(shape);
    this.#moving = {
      mean: this.addWeight("moving_mean", shape, this.movingMeanInitializer, { trainable: false }),
      variance: this.addWeight("moving_variance", shape, this.movingVarianceInitializer, { trainable: false }),
    };
  }

  override call(input: tf.Tensor, { training }: CallContext): tf.Tensor {
    const moving = this.#moving;
    if (moving === null) throw new InvalidConfigError(this.name, "layer", "built", "one without weights yet");
    const scaling: Scaling = {
      gamma: this.gamma === null ? null : vectorOf(this.gamma),
      beta: this.beta === null ? null : vectorOf(this.beta),
      epsilon: this.epsilon,
    };
    const [axis = 0] = resolveAxis(this.name, [this.axis], input.shape);
    if (training && this.trainable) return this.#train(input, axis, moving, scaling);
    const moments: Moments = { mean: vectorOf(moving.mean), variance: vectorOf(moving.variance) };
    return normalizeByMoments(input, moments, scaling, axis);
  }

  #train(
    input: tf.Tensor,
    axis: number,
    moving: { readonly mean: Weight; readonly variance: Weight },
    scaling: Scaling,
  ): tf.Tensor {
    const order = input.shape.map((_, index) => index).filter((index) => index !== axis);
    const isLast = axis === input.rank - 1;
    const channelsLast = isLast ? input : tf.transpose(input, [...order, axis]);
    const rows = rowsOf(channelsLast);
    const moments = channelMoments(rows);
    this.#move(moving.mean, moments.mean);
    this.#move(moving.variance, moments.variance);
    const output = tf.reshape(normalizeByOwnMoments(rows, moments, scaling), channelsLast.shape);
    return isLast ? output : tf.transpose(output, tf.backend_util.getUndoAxesPermutation([...order, axis]));
  }

  #move({ variable }: Weight, own: tf.Tensor): void {
    variable.assign(tf.add(tf.mul(variable, this.momentum), tf.mul(own, 1 - this.momentum)));
  }

  override getConfig(): Record<string, unknown> {
    return {
      ...super.getConfig(),
      ...this.normalizationOptions(),
      axis: this.axis,
      momentum: this.momentum,
      moving_mean_initializer: serializePart(this.movingMeanInitializer),
      moving_variance_initializer: serializePart(this.movingVarianceInitializer),
      synchronized: this.config.synchronized ?? false,
      renorm: false,
      renorm_clipping: null,
      renorm_momentum: 0.99,
    };
  }

  static fromConfig(reader: ConfigReader): BatchNormalization {
    reader.only("renorm", false);
    // Without renorm, Keras keeps these two but does not read them.
    reader.take("renorm_clipping");
    reader.take("renorm_momentum");
    return new BatchNormalization({
      ...readNormalizationConfig(reader),
      axis: readAxis(reader),
      momentum: reader.number("momentum"),
      movingMeanInitializer: readInitializer(reader, "moving_mean_initializer"),
      movingVarianceInitializer: readInitializer(reader, "moving_variance_initializer"),
      synchronized: reader.boolean("synchronized"),
    });
  }
}

function vectorOf({ variable }: Weight): tf.Tensor1D {
  // The layer gives all its weights one axis.
  return variable as tf.Tensor as tf.Tensor1D;
}

/** One axis, which older versions of Keras wrote as a list. */
function readAxis(reader: ConfigReader): number | undefined {
  const axis = reader.numbers("axis");
  if (axis === undefined || typeof axis === "number") return axis;
  return axis.length === 1 ? axis[0] : reader.fail("axis", "one axis", axis);
}
