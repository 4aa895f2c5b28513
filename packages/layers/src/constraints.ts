import { InvalidConfigError } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type KerasName, type KerasPart, plainName } from "./keras-object.ts";

/** Projects a weight onto the values it may have; optimizers apply it after each update. */
export abstract class Constraint implements KerasPart {
  readonly module = "keras.constraints";
  abstract readonly className: string;
  /** The projected weight, which the caller owns. */
  abstract apply(weight: tf.Tensor): tf.Tensor;
  abstract getConfig(): Record<string, unknown>;
}

/** One axis or several, along which norms are taken. For the kernels of Dense 0, for those of Conv2D [0, 1, 2]. */
export type NormAxis = number | readonly number[];

/** Keras's `epsilon()`: keeps divisions by a norm of 0 finite. */
const epsilon = 1e-7;

function norms(weight: tf.Tensor, axis: NormAxis): tf.Tensor {
  return tf.sqrt(tf.sum(tf.square(weight), typeof axis === "number" ? axis : [...axis], true));
}

/** Scales vectors that are longer than `maxValue` down to it. Source: Srivastava et al., JMLR 15, 2014; Keras `MaxNorm`. */
export class MaxNorm extends Constraint {
  override readonly className = "MaxNorm";
  readonly maxValue: number;
  readonly axis: NormAxis;

  /** @throws {InvalidConfigError} `maxValue` is negative. */
  constructor({
    maxValue = 2,
    axis = 0,
  }: { readonly maxValue?: number | undefined; readonly axis?: NormAxis | undefined } = {}) {
    super();
    if (!(maxValue >= 0)) throw new InvalidConfigError("MaxNorm", "maxValue", "0 or more", maxValue);
    this.maxValue = maxValue;
    this.axis = axis;
  }

  override apply(weight: tf.Tensor): tf.Tensor {
    return tf.tidy(() => {
      const lengths = norms(weight, this.axis);
      return tf.mul(weight, tf.div(tf.clipByValue(lengths, 0, this.maxValue), tf.add(lengths, epsilon)));
    });
  }

  override getConfig(): Record<string, unknown> {
    return { max_value: this.maxValue, axis: this.axis };
  }
}

/** Replaces negative elements by 0. Source: Keras `NonNeg`. */
export class NonNeg extends Constraint {
  override readonly className = "NonNeg";

  override apply(weight: tf.Tensor): tf.Tensor {
    return tf.relu(weight);
  }

  override getConfig(): Record<string, unknown> {
    return {};
  }
}

/** Scales vectors to length 1. Source: Keras `UnitNorm`. */
export class UnitNorm extends Constraint {
  override readonly className = "UnitNorm";
  readonly axis: NormAxis;

  constructor({ axis = 0 }: { readonly axis?: NormAxis | undefined } = {}) {
    super();
    this.axis = axis;
  }

  override apply(weight: tf.Tensor): tf.Tensor {
    return tf.tidy(() => tf.div(weight, tf.add(norms(weight, this.axis), epsilon)));
  }

  override getConfig(): Record<string, unknown> {
    return { axis: this.axis };
  }
}

/**
 * Brings vectors nearer to a length between `minValue` and `maxValue`: by the share `rate` of the way, 1 for all of it.
 *
 * Source: Keras `MinMaxNorm`.
 *
 * @throws {InvalidConfigError} `minValue` is negative, `maxValue` below it, or `rate` outside [0, 1].
 */
export class MinMaxNorm extends Constraint {
  override readonly className = "MinMaxNorm";
  readonly minValue: number;
  readonly maxValue: number;
  readonly rate: number;
  readonly axis: NormAxis;

  constructor({
    minValue = 0,
    maxValue = 1,
    rate = 1,
    axis = 0,
  }: {
    readonly minValue?: number | undefined;
    readonly maxValue?: number | undefined;
    readonly rate?: number | undefined;
    readonly axis?: NormAxis | undefined;
  } = {}) {
    super();
    if (!(minValue >= 0)) throw new InvalidConfigError("MinMaxNorm", "minValue", "0 or more", minValue);
    if (!(maxValue >= minValue)) {
      throw new InvalidConfigError("MinMaxNorm", "maxValue", `minValue (${minValue}) or more`, maxValue);
    }
    if (!(rate >= 0 && rate <= 1)) throw new InvalidConfigError("MinMaxNorm", "rate", "in [0, 1]", rate);
    this.minValue = minValue;
    this.maxValue = maxValue;
    this.rate = rate;
    this.axis = axis;
  }

  override apply(weight: tf.Tensor): tf.Tensor {
    return tf.tidy(() => {
      const lengths = norms(weight, this.axis);
      const clipped = tf.mul(tf.clipByValue(lengths, this.minValue, this.maxValue), this.rate);
      const desired = tf.add(clipped, tf.mul(lengths, 1 - this.rate));
      return tf.mul(weight, tf.div(desired, tf.add(lengths, epsilon)));
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
  const make = makers.get(plainName(choice));
  if (make === undefined) {
    throw new InvalidConfigError(owner, option, "maxNorm, nonNeg, unitNorm, minMaxNorm or a Constraint", choice);
  }
  return make();
}
