import { InvalidConfigError, type OptionNames } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { KerasName } from "../config/keras-object.ts";
import { isList, isWithin } from "../config/options.ts";
import { kerasEpsilon } from "@featuremap/operations";
import { Part } from "./part.ts";
import { makeNamedPart } from "./resolve-part.ts";

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

/** A constraint on the lengths of vectors. */
abstract class NormConstraint extends Constraint {
  readonly axis: NormAxis;

  constructor(config: UnitNormConfig) {
    super(config);
    const { axis = 0 } = config;
    const axes: readonly number[] = isList(axis) ? axis : [axis];
    if (!axes.every((each) => Number.isInteger(each))) {
      throw new InvalidConfigError(this.className, "axis", "an integer, or a list of them", axis);
    }
    this.axis = axis;
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

/**
 * Scales vectors that are longer than `maxValue` down to it. Source: Srivastava et al., JMLR 15, 2014; Keras `MaxNorm`.
 *
 * @throws {InvalidConfigError} `maxValue` is negative, or an axis no integer.
 */
export class MaxNorm extends NormConstraint {
  static override readonly className = "MaxNorm";
  static override readonly options: OptionNames<MaxNormConfig> = { maxValue: true, axis: true };
  readonly maxValue: number;

  constructor(config: MaxNormConfig = {}) {
    super(config);
    const { maxValue = 2 } = config;
    if (!isWithin(maxValue, 0, Number.POSITIVE_INFINITY))
      throw new InvalidConfigError("MaxNorm", "maxValue", "0 or more", maxValue);
    this.maxValue = maxValue;
  }

  override apply(weight: tf.Tensor): tf.Tensor {
    return this.scale(weight, (lengths) => tf.clipByValue(lengths, 0, this.maxValue));
  }

  override getConfig(): Record<string, unknown> {
    return { max_value: this.maxValue, axis: this.axis };
  }
}

/** Replaces negative elements by 0. Source: Keras `NonNeg`. */
export class NonNeg extends Constraint {
  static override readonly className = "NonNeg";
  static override readonly options: Readonly<Record<string, true>> = {};

  override apply(weight: tf.Tensor): tf.Tensor {
    return tf.relu(weight);
  }

  override getConfig(): Record<string, unknown> {
    return {};
  }
}

/**
 * Scales vectors to length 1. Source: Keras `UnitNorm`.
 *
 * @throws {InvalidConfigError} an axis is not an integer.
 */
export class UnitNorm extends NormConstraint {
  static override readonly className = "UnitNorm";
  static override readonly options: OptionNames<UnitNormConfig> = { axis: true };

  constructor(config: UnitNormConfig = {}) {
    super(config);
  }

  override apply(weight: tf.Tensor): tf.Tensor {
    return this.scale(weight, () => 1);
  }

  override getConfig(): Record<string, unknown> {
    return { axis: this.axis };
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

/**
 * Brings vectors nearer to a length between `minValue` and `maxValue`: by the share `rate` of the way, 1 for all of it.
 *
 * Source: Keras `MinMaxNorm`.
 *
 * @throws {InvalidConfigError} `minValue` is negative, `maxValue` below it, `rate` outside [0, 1], or an axis no integer.
 */
export class MinMaxNorm extends NormConstraint {
  static override readonly className = "MinMaxNorm";
  static override readonly options: OptionNames<MinMaxNormConfig> = {
    minValue: true,
    maxValue: true,
    rate: true,
    axis: true,
  };
  readonly minValue: number;
  readonly maxValue: number;
  readonly rate: number;

  constructor(config: MinMaxNormConfig = {}) {
    super(config);
    const { minValue = 0, maxValue = 1, rate = 1 } = config;
    if (!isWithin(minValue, 0, Number.POSITIVE_INFINITY))
      throw new InvalidConfigError("MinMaxNorm", "minValue", "0 or more", minValue);
    if (!isWithin(maxValue, minValue, Number.POSITIVE_INFINITY)) {
      throw new InvalidConfigError("MinMaxNorm", "maxValue", `minValue (${minValue}) or more`, maxValue);
    }
    if (!isWithin(rate, 0, 1)) throw new InvalidConfigError("MinMaxNorm", "rate", "in [0, 1]", rate);
    this.minValue = minValue;
    this.maxValue = maxValue;
    this.rate = rate;
  }

  override apply(weight: tf.Tensor): tf.Tensor {
    return this.scale(weight, (lengths) => {
      const clipped = tf.mul(tf.clipByValue(lengths, this.minValue, this.maxValue), this.rate);
      return tf.add(clipped, tf.mul(lengths, 1 - this.rate));
    });
  }

  override getConfig(): Record<string, unknown> {
    return { min_value: this.minValue, max_value: this.maxValue, rate: this.rate, axis: this.axis };
  }
}

export type ConstraintName = KerasName<"maxNorm" | "nonNeg" | "unitNorm" | "minMaxNorm">;

const makers: ReadonlyMap<string, () => Constraint> = new Map<string, () => Constraint>([
  ["maxnorm", () => new MaxNorm()],
  ["nonneg", () => new NonNeg()],
  ["unitnorm", () => new UnitNorm()],
  ["minmaxnorm", () => new MinMaxNorm()],
]);

/**
 * The constraint that an option names.
 *
 * @throws {InvalidConfigError} there is none of that name.
 */
export function resolveConstraint(
  owner: string,
  option: string,
  choice: ConstraintName | Constraint | null | undefined,
): Constraint | null {
  if (choice === null || choice === undefined) return null;
  if (choice instanceof Constraint) return choice;
  return makeNamedPart(owner, option, choice, makers, "maxNorm, nonNeg, unitNorm, minMaxNorm or a Constraint");
}
