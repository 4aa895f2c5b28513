import { InvalidConfigError, type OptionNames, ShapeError, formatShape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { KerasName } from "../config/keras-object.ts";
import { requireNonNegative } from "../config/options.ts";
import { normalize } from "@featuremap/operations";
import { Part } from "./part.ts";
import { makeNamedPart } from "./resolve-part.ts";

/** Adds to the loss a penalty that grows with the size of a weight or of a layer's output. */
export abstract class Regularizer extends Part {
  static override readonly className: string = "Regularizer";
  override readonly module = "keras.regularizers";
  /** The penalty, a scalar tensor that the caller owns. */
  abstract loss(values: tf.Tensor): tf.Scalar;
}

/** Penalty `l1 * sum(|x|) + l2 * sum(x^2)`. */
abstract class ElementRegularizer extends Regularizer {
  readonly l1: number;
  readonly l2: number;

  /** @param usual the factor of the options that are absent */
  constructor(config: L1L2Config, usual: { readonly l1: number; readonly l2: number }) {
    super(config);
    this.l1 = requireNonNegative(this.className, "l1", config.l1 ?? usual.l1);
    this.l2 = requireNonNegative(this.className, "l2", config.l2 ?? usual.l2);
  }

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

/**
 * Penalty `l1 * sum(|x|) + l2 * sum(x^2)`. Source: Keras `L1L2`.
 *
 * @throws {InvalidConfigError} a factor is negative or not finite.
 */
export class L1L2 extends ElementRegularizer {
  static override readonly className = "L1L2";
  static override readonly options: OptionNames<L1L2Config> = { l1: true, l2: true };

  constructor(config: L1L2Config = {}) {
    super(config, { l1: 0, l2: 0 });
  }

  override getConfig(): Record<string, unknown> {
    return { l1: this.l1, l2: this.l2 };
  }
}

export interface L1Config {
  /** Factor. Default: 0.01. */
  readonly l1?: number | undefined;
}

/**
 * Penalty `l1 * sum(|x|)`. Source: Keras `L1`.
 *
 * @throws {InvalidConfigError} the factor is negative or not finite.
 */
export class L1 extends ElementRegularizer {
  static override readonly className = "L1";
  static override readonly options: OptionNames<L1Config> = { l1: true };

  constructor(config: L1Config = {}) {
    super(config, { l1: 0.01, l2: 0 });
  }

  override getConfig(): Record<string, unknown> {
    return { l1: this.l1 };
  }
}

export interface L2Config {
  /** Factor. Default: 0.01. */
  readonly l2?: number | undefined;
}

/**
 * Penalty `l2 * sum(x^2)`. Source: Keras `L2`.
 *
 * @throws {InvalidConfigError} the factor is negative or not finite.
 */
export class L2 extends ElementRegularizer {
  static override readonly className = "L2";
  static override readonly options: OptionNames<L2Config> = { l2: true };

  constructor(config: L2Config = {}) {
    super(config, { l1: 0, l2: 0.01 });
  }

  override getConfig(): Record<string, unknown> {
    return { l2: this.l2 };
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

/**
 * Penalty `factor * mean(|cos|)`, over the angles between each two rows, or columns, of a matrix.
 *
 * Source: Keras `OrthogonalRegularizer`.
 *
 * @throws {InvalidConfigError} the factor is negative or not finite, or there is no such mode.
 */
export class OrthogonalRegularizer extends Regularizer {
  static override readonly className = "OrthogonalRegularizer";
  static override readonly options: OptionNames<OrthogonalRegularizerConfig> = { factor: true, mode: true };
  readonly factor: number;
  readonly mode: OrthogonalMode;

  constructor(config: OrthogonalRegularizerConfig = {}) {
    super(config);
    const { factor = 0.01, mode = "rows" } = config;
    if (mode !== "rows" && mode !== "columns") {
      throw new InvalidConfigError("OrthogonalRegularizer", "mode", '"rows" or "columns"', mode);
    }
    this.factor = requireNonNegative("OrthogonalRegularizer", "factor", factor);
    this.mode = mode;
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

  override getConfig(): Record<string, unknown> {
    return { factor: this.factor, mode: this.mode };
  }
}

export type RegularizerName = KerasName<"l1" | "l2" | "l1L2" | "l1l2" | "orthogonalRegularizer">;

const makers: ReadonlyMap<string, () => Regularizer> = new Map<string, () => Regularizer>([
  ["l1", () => new L1()],
  ["l2", () => new L2()],
  ["l1l2", () => new L1L2()],
  ["orthogonalregularizer", () => new OrthogonalRegularizer()],
]);

const ownClasses: ReadonlySet<unknown> = new Set([L1, L2, L1L2, OrthogonalRegularizer]);

/** Whether it is one of those here, and not of a class of the user's own. */
export function isOwnRegularizer(regularizer: Regularizer): boolean {
  return ownClasses.has(regularizer.constructor);
}

/**
 * The regularizer that an option names.
 *
 * @throws {InvalidConfigError} there is none of that name.
 */
export function resolveRegularizer(
  owner: string,
  option: string,
  choice: RegularizerName | Regularizer | null | undefined,
): Regularizer | null {
  if (choice === null || choice === undefined) return null;
  if (choice instanceof Regularizer) return choice;
  return makeNamedPart(owner, option, choice, makers, "l1, l2, l1L2, orthogonalRegularizer or a Regularizer");
}
