import { Option, type Options, ShapeError, formatShape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { KerasName } from "../config/keras-object.ts";
import { normalize } from "@featuremap/operations";
import { Part, type PartKind } from "./part.ts";

/** Adds to the loss a penalty that grows with the size of a weight or of a layer's output. */
export abstract class Regularizer extends Part {
  static override readonly className: string = "Regularizer";
  override readonly module = "keras.regularizers";
  /** The penalty, a scalar tensor that the caller owns. */
  abstract loss(values: tf.Tensor): tf.Scalar;
}

/** Penalty `l1 * sum(|x|) + l2 * sum(x^2)`. */
abstract class ElementRegularizer extends Regularizer {
  abstract readonly l1: number;
  abstract readonly l2: number;

  override loss(values: tf.Tensor): tf.Scalar {
    return tf.tidy(() => {
      const terms: tf.Tensor[] = [];
      if (this.l1 !== 0) terms.push(tf.mul(tf.sum(tf.abs(values)), this.l1));
      if (this.l2 !== 0) terms.push(tf.mul(tf.sum(tf.square(values)), this.l2));
      return (terms.length === 0 ? tf.scalar(0) : tf.addN(terms)) as tf.Scalar;
    });
  }
}

export interface L1L2Config {
  /** Factor of the sum of magnitudes. Default: 0. */
  readonly l1?: number | undefined;
  /** Factor of the sum of squares. Default: 0. */
  readonly l2?: number | undefined;
}

const both = { l1: Option.nonNegative().default(0), l2: Option.nonNegative().default(0) };

/**
 * Penalty `l1 * sum(|x|) + l2 * sum(x^2)`. Source: Keras `L1L2`.
 *
 * @throws {InvalidConfigError} a factor is negative or not finite.
 */
export class L1L2 extends ElementRegularizer {
  static override readonly className: string = "L1L2";
  static override readonly options: Options<L1L2Config> = both;
  readonly l1: number;
  readonly l2: number;

  constructor(config: L1L2Config = {}) {
    super(config);
    ({ l1: this.l1, l2: this.l2 } = this.settle(both));
  }
}

export interface L1Config {
  /** Factor. Default: 0.01. */
  readonly l1?: number | undefined;
}

const onlyL1 = { l1: Option.nonNegative().default(0.01) };

/**
 * Penalty `l1 * sum(|x|)`. Source: Keras `L1`.
 *
 * @throws {InvalidConfigError} the factor is negative or not finite.
 */
export class L1 extends ElementRegularizer {
  static override readonly className: string = "L1";
  static override readonly options: Options<L1Config> = onlyL1;
  readonly l1: number;
  readonly l2: number = 0;

  constructor(config: L1Config = {}) {
    super(config);
    this.l1 = this.settle(onlyL1).l1;
  }
}

export interface L2Config {
  /** Factor. Default: 0.01. */
  readonly l2?: number | undefined;
}

const onlyL2 = { l2: Option.nonNegative().default(0.01) };

/**
 * Penalty `l2 * sum(x^2)`. Source: Keras `L2`.
 *
 * @throws {InvalidConfigError} the factor is negative or not finite.
 */
export class L2 extends ElementRegularizer {
  static override readonly className: string = "L2";
  static override readonly options: Options<L2Config> = onlyL2;
  readonly l1: number = 0;
  readonly l2: number;

  constructor(config: L2Config = {}) {
    super(config);
    this.l2 = this.settle(onlyL2).l2;
  }
}

/** Which vectors of a matrix {@link OrthogonalRegularizer} compares. */
export type OrthogonalMode = "rows" | "columns";

export interface OrthogonalRegularizerConfig {
  /** Default: 0.01. */
  readonly factor?: number | undefined;
  /** Default: `rows`. */
  readonly mode?: OrthogonalMode | undefined;
}

const declared = {
  factor: Option.nonNegative().notNull().default(0.01),
  mode: Option.word<OrthogonalMode>(["rows", "columns"], '"rows" or "columns"').default("rows"),
};

/**
 * Penalty `factor * mean(|cos|)`, over the angles between each two rows, or columns, of a matrix.
 *
 * Source: Keras `OrthogonalRegularizer`.
 *
 * @throws {InvalidConfigError} the factor is negative or not finite, or there is no such mode.
 */
export class OrthogonalRegularizer extends Regularizer {
  static override readonly className: string = "OrthogonalRegularizer";
  static override readonly options: Options<OrthogonalRegularizerConfig> = declared;
  readonly factor: number;
  readonly mode: OrthogonalMode;

  constructor(config: OrthogonalRegularizerConfig = {}) {
    super(config);
    ({ factor: this.factor, mode: this.mode } = this.settle(declared));
  }

  /** @throws {ShapeError} the values are not a matrix. */
  override loss(values: tf.Tensor): tf.Scalar {
    if (values.rank !== 2) {
      throw new ShapeError("OrthogonalRegularizer", "weight", "of two axes", formatShape(values.shape));
    }
    return tf.tidy(() => {
      const byRows = this.mode === "rows";
      const count = values.shape[byRows ? 0 : 1] ?? 0;
      const vectors = normalize(values, [byRows ? 1 : 0]);
      const cosines = tf.matMul(vectors, vectors, !byRows, byRows);
      const others = tf.sub(1, tf.eye(count));
      const pairs = Math.max(1, (count * (count - 1)) / 2);
      return tf.mul(tf.sum(tf.abs(tf.mul(cosines, others))), (this.factor * 0.5) / pairs);
    });
  }
}

export type RegularizerName = KerasName<"l1" | "l2" | "l1L2" | "l1l2" | "orthogonalRegularizer">;

/** The regularizers that have names. */
export const regularizers: PartKind<Regularizer> = {
  base: Regularizer,
  classes: [L1, L2, L1L2, OrthogonalRegularizer],
};

/** Whether it is one of those here, and not of a class of the user's own. */
export function isOwnRegularizer(regularizer: Regularizer): boolean {
  return regularizers.classes.some((each) => each === regularizer.constructor);
}
