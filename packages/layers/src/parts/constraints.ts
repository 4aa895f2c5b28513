import { type AnyOptions, InvalidConfigError, Option, type Options } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { KerasName } from "../config/keras-object.ts";
import { kerasEpsilon } from "@featuremap/operations";
import { Part, type PartKind } from "./part.ts";

/** Projects a weight onto the values it may have; optimizers apply it after each update. */
export abstract class Constraint extends Part {
  static override readonly className: string = "Constraint";
  override readonly module = "keras.constraints";
  /** The projected weight, which the caller owns. */
  abstract apply(weight: tf.Tensor): tf.Tensor;
}

/** One axis or several, along which norms are taken. For the kernels of Dense 0, for those of Conv2D [0, 1, 2]. */
export type NormAxis = number | readonly number[];

export interface UnitNormConfig {
  /** Default: 0. */
  readonly axis?: NormAxis | undefined;
}

const areAll = (axis: unknown, accepts: (each: unknown) => boolean): boolean => [axis].flat().every(accepts);

const normOptions = {
  axis: Option.plain<NormAxis>({
    expected: "an integer, or a list of them",
    accepts: (axis) => areAll(axis, Number.isInteger),
    saved: { expected: "a number or a list of numbers", accepts: (axis) => areAll(axis, Number.isFinite) },
    refusesNull: true,
  }).default(0),
};

/** The length of a vector. */
const lengthOption = (usual: number) =>
  Option.within("0 or more", (length) => length >= 0)
    .notNull()
    .default(usual);

/** A constraint on the lengths of vectors. */
abstract class NormConstraint extends Constraint {
  readonly axis: NormAxis;

  constructor(config: UnitNormConfig) {
    super(config);
    this.axis = this.settle(normOptions).axis;
  }

  /** Makes vectors as long as the target says for each length. */
  protected scale(weight: tf.Tensor, target: (lengths: tf.Tensor) => tf.Tensor | number): tf.Tensor {
    return tf.tidy(() => {
      const axes = typeof this.axis === "number" ? this.axis : [...this.axis];
      const lengths = tf.sqrt(tf.sum(tf.square(weight), axes, true));
      return tf.mul(weight, tf.div(target(lengths), tf.add(lengths, kerasEpsilon)));
    });
  }
}

export interface MaxNormConfig extends UnitNormConfig {
  /** The largest length. Default: 2. */
  readonly maxValue?: number | undefined;
}

const most = { maxValue: lengthOption(2) };

/**
 * Scales vectors that are longer than `maxValue` down to it. Source: Srivastava et al., JMLR 15, 2014; Keras `MaxNorm`.
 *
 * @throws {InvalidConfigError} `maxValue` is negative, or an axis is not an integer.
 */
export class MaxNorm extends NormConstraint {
  static override readonly className: string = "MaxNorm";
  static override readonly options: Options<MaxNormConfig> = { ...most, ...normOptions };
  readonly maxValue: number;

  constructor(config: MaxNormConfig = {}) {
    super(config);
    this.maxValue = this.settle(most).maxValue;
  }

  override apply(weight: tf.Tensor): tf.Tensor {
    return this.scale(weight, (lengths) => tf.clipByValue(lengths, 0, this.maxValue));
  }
}

/** Replaces negative elements by 0. Source: Keras `NonNeg`. */
export class NonNeg extends Constraint {
  static override readonly className: string = "NonNeg";
  static override readonly options: AnyOptions = {};

  override apply(weight: tf.Tensor): tf.Tensor {
    return tf.relu(weight);
  }
}

/**
 * Scales vectors to length 1. Source: Keras `UnitNorm`.
 *
 * @throws {InvalidConfigError} an axis is not an integer.
 */
export class UnitNorm extends NormConstraint {
  static override readonly className: string = "UnitNorm";
  static override readonly options: Options<UnitNormConfig> = normOptions;

  constructor(config: UnitNormConfig = {}) {
    super(config);
  }

  override apply(weight: tf.Tensor): tf.Tensor {
    return this.scale(weight, () => 1);
  }
}

export interface MinMaxNormConfig extends UnitNormConfig {
  /** The smallest length. Default: 0. */
  readonly minValue?: number | undefined;
  /** The largest length. Default: 1. */
  readonly maxValue?: number | undefined;
  /** Share of the way to go, in [0, 1]. Default: 1. */
  readonly rate?: number | undefined;
}

const between = {
  minValue: lengthOption(0),
  maxValue: lengthOption(1),
  rate: Option.range(0, 1).notNull().default(1),
};

/**
 * Brings vectors nearer to a length between `minValue` and `maxValue`: by the share `rate` of the way, 1 for all of it.
 *
 * Source: Keras `MinMaxNorm`.
 *
 * @throws {InvalidConfigError} `minValue` is negative, `maxValue` below it, `rate` outside [0, 1], or an axis is not an integer.
 */
export class MinMaxNorm extends NormConstraint {
  static override readonly className: string = "MinMaxNorm";
  static override readonly options: Options<MinMaxNormConfig> = { ...between, ...normOptions };
  readonly minValue: number;
  readonly maxValue: number;
  readonly rate: number;

  constructor(config: MinMaxNormConfig = {}) {
    super(config);
    ({ minValue: this.minValue, maxValue: this.maxValue, rate: this.rate } = this.settle(between));
    const { minValue, maxValue } = this;
    if (maxValue < minValue)
      throw new InvalidConfigError("MinMaxNorm", "maxValue", `minValue (${minValue}) or more`, maxValue);
  }

  override apply(weight: tf.Tensor): tf.Tensor {
    return this.scale(weight, (lengths) => {
      const clipped = tf.mul(tf.clipByValue(lengths, this.minValue, this.maxValue), this.rate);
      return tf.add(clipped, tf.mul(lengths, 1 - this.rate));
    });
  }
}

export type ConstraintName = KerasName<"maxNorm" | "nonNeg" | "unitNorm" | "minMaxNorm">;

/** The constraints that have names. */
export const constraints: PartKind<Constraint> = { base: Constraint, classes: [MaxNorm, NonNeg, UnitNorm, MinMaxNorm] };
