import { Option, type Options, type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import {
  channelMoments,
  deviationOf,
  normalizeByMoments,
  normalizeByOwnMoments,
  renormalized,
  rowsOf,
  type Moments,
  type RenormClipping,
  type Scaling,
} from "@featuremap/operations";
import { resolveAxis } from "../../config/resolve-axis.ts";
import type { CallContext } from "../../layer/layer.ts";
import { initializerOption } from "../../layer/part-options.ts";
import { requireBuilt } from "../../layer/weights/require-built.ts";
import type { Weight } from "../../layer/weights/weight.ts";
import type { Initializer } from "../../parts/initializers/initializer.ts";
import type { InitializerName } from "../../parts/initializers/resolve-initializer.ts";
import { axisOption } from "../../config/axis-options.ts";
import { RootInitializer, clippingOption } from "./batch-renormalization.ts";
import { type NormalizationConfig, NormalizationLayer, normalizationOptions } from "./normalization-layer.ts";

export interface BatchNormalizationConfig extends NormalizationConfig {
  /** Where the channels are, counted from the end if negative. Default: the last axis. */
  readonly axis?: number | undefined;
  /** Share of their value that the moving moments keep in each training step, in [0, 1]. Default: 0.99. */
  readonly momentum?: number | undefined;
  /** Default: `zeros`. */
  readonly movingMeanInitializer?: InitializerName | Initializer | undefined;
  /** Default: `ones`. */
  readonly movingVarianceInitializer?: InitializerName | Initializer | undefined;
  /** Whether several devices share their moments; with one device, as here, it makes no difference. Default: false. */
  readonly synchronized?: boolean | undefined;
  /** Whether training corrects its output towards what the moving moments would give. Default: false. */
  readonly renorm?: boolean | undefined;
  /** Limits of that correction. Default: none. */
  readonly renormClipping?: RenormClipping | null | undefined;
  /** As `momentum`, for the moments that the correction moves towards. Default: 0.99. */
  readonly renormMomentum?: number | undefined;
}

const declared = {
  axis: axisOption(),
  momentum: Option.range(0, 1).default(0.99),
  movingMeanInitializer: initializerOption("zeros"),
  movingVarianceInitializer: initializerOption("ones"),
  synchronized: Option.flag().default(false),
  renorm: Option.flag().default(false),
  renormClipping: clippingOption(),
  renormMomentum: Option.range(0, 1).default(0.99),
};

/** Weights for renorm alone. */
interface RenormWeights {
  readonly movingDeviation: Weight;
  readonly mean: Weight;
  readonly deviation: Weight;
}

/**
 * Normalises each channel to a mean near 0 and a deviation near 1: `(x - mean) / sqrt(variance + epsilon) * gamma + beta`.
 *
 * Training: by the batch's own mean and variance, which move the moving ones:
 * `moving = moving * momentum + own * (1 - momentum)`. Prediction, and training while `trainable` is false: by the
 * moving ones.
 * Shape: any, the channels' axis of known length, to the same shape.
 * Source: Ioffe and Szegedy, 2015; for `renorm` Ioffe, 2017; Keras `BatchNormalization`.
 *
 * @throws {InvalidConfigError} `axis` is not an integer, a momentum is outside [0, 1], `epsilon` is negative, or
 * the limits of `renormClipping` contradict each other.
 */
export class BatchNormalization extends NormalizationLayer<BatchNormalizationConfig> {
  static override readonly className: string = "BatchNormalization";
  static override readonly options: Options<BatchNormalizationConfig> = { ...declared, ...normalizationOptions };
  readonly axis: number;
  readonly momentum: number;
  readonly movingMeanInitializer: Initializer;
  readonly movingVarianceInitializer: Initializer;
  readonly renorm: boolean;
  readonly renormClipping: RenormClipping | null;
  readonly renormMomentum: number;
  #renormWeights: RenormWeights | null = null;
  #moving: { readonly mean: Weight; readonly variance: Weight } | null = null;

  constructor(config: BatchNormalizationConfig = {}) {
    super(config);
    const values = this.settle(declared);
    this.axis = values.axis;
    this.momentum = values.momentum;
    this.movingMeanInitializer = values.movingMeanInitializer;
    this.movingVarianceInitializer = values.movingVarianceInitializer;
    this.renorm = values.renorm;
    this.renormClipping = values.renormClipping ?? (this.renorm ? {} : null);
    this.renormMomentum = values.renormMomentum;
  }

  /** `null` before the layer is built. */
  get movingMean(): Weight | null {
    return this.#moving?.mean ?? null;
  }

  /** `null` before the layer is built. */
  get movingVariance(): Weight | null {
    return this.#moving?.variance ?? null;
  }

  override get takesMask(): boolean {
    return true;
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
    if (!this.renorm) return;
    const root = new RootInitializer(this.movingVarianceInitializer);
    this.#renormWeights = {
      movingDeviation: this.addWeight("moving_stddev", shape, root, { trainable: false }),
      mean: this.addWeight("renorm_mean", shape, this.movingMeanInitializer, { trainable: false }),
      deviation: this.addWeight("renorm_stddev", shape, root, { trainable: false }),
    };
  }

  override call(input: tf.Tensor, { training }: CallContext): tf.Tensor {
    const moving = requireBuilt(this.name, this.#moving);
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
    const corrected = this.#correct(moments, scaling);
    this.#move(moving.mean, moments.mean, this.momentum);
    if (this.#renormWeights === null) this.#move(moving.variance, moments.variance, this.momentum);
    else this.#moveDeviations(moving.variance, this.#renormWeights, moments);
    const output = tf.reshape(normalizeByOwnMoments(rows, moments, corrected), channelsLast.shape);
    return isLast ? output : tf.transpose(output, tf.backend_util.getUndoAxesPermutation([...order, axis]));
  }

  /** The scaling, with renorm's correction in it. */
  #correct(moments: Moments, scaling: Scaling): Scaling {
    if (this.#renormWeights === null) return scaling;
    const { mean, deviation } = this.#renormWeights;
    const moving = { mean: vectorOf(mean), deviation: vectorOf(deviation) };
    return renormalized(moments, moving, this.renormClipping ?? {}, scaling);
  }

  /** With renorm the deviation moves, and the moving variance follows from it. */
  #moveDeviations(movingVariance: Weight, weights: RenormWeights, moments: Moments): void {
    const deviation = deviationOf(moments, this.epsilon);
    this.#move(weights.mean, moments.mean, this.renormMomentum);
    this.#move(weights.deviation, deviation, this.renormMomentum);
    this.#move(weights.movingDeviation, deviation, this.momentum);
    const variance = tf.sub(tf.square(weights.movingDeviation.variable), this.epsilon);
    movingVariance.variable.assign(tf.relu(variance));
  }

  #move({ variable }: Weight, own: tf.Tensor, momentum: number): void {
    variable.assign(tf.add(tf.mul(variable, momentum), tf.mul(own, 1 - momentum)));
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), renorm_clipping: this.renormClipping };
  }
}

function vectorOf({ variable }: Weight): tf.Tensor1D {
  // The layer gives all its weights one axis.
  return variable as tf.Tensor as tf.Tensor1D;
}
