import { InvalidConfigError, ShapeError, formatShape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type KerasName, type KerasPart, plainName } from "./keras-object.ts";
import { normalize } from "./operations/normalize.ts";

/** Adds to the loss a penalty that grows with the size of a weight or of a layer's output. */
export abstract class Regularizer implements KerasPart {
  readonly module = "keras.regularizers";
  abstract readonly className: string;
  /** The penalty, a scalar tensor that the caller owns. */
  abstract loss(values: tf.Tensor): tf.Scalar;
  abstract getConfig(): Record<string, unknown>;
}

/** Penalty `l1 * sum(|x|) + l2 * sum(x^2)`. Source: Keras `L1L2`. */
export class L1L2 extends Regularizer {
  override readonly className: string = "L1L2";
  readonly l1: number;
  readonly l2: number;

  /** @throws {InvalidConfigError} a factor is negative or not finite. */
  constructor({ l1 = 0, l2 = 0 }: { readonly l1?: number | undefined; readonly l2?: number | undefined } = {}) {
    super();
    for (const [option, factor] of Object.entries({ l1, l2 })) {
      if (!Number.isFinite(factor) || factor < 0) {
        throw new InvalidConfigError("L1L2", option, "a number of at least 0", factor);
      }
    }
    this.l1 = l1;
    this.l2 = l2;
  }

  override loss(values: tf.Tensor): tf.Scalar {
    return tf.tidy(() => {
      const terms: tf.Tensor[] = [];
      if (this.l1 !== 0) terms.push(tf.mul(tf.sum(tf.abs(values)), this.l1));
      if (this.l2 !== 0) terms.push(tf.mul(tf.sum(tf.square(values)), this.l2));
      return (terms.length === 0 ? tf.scalar(0) : tf.addN(terms)) as tf.Scalar;
    });
  }

  override getConfig(): Record<string, unknown> {
    return { l1: this.l1, l2: this.l2 };
  }
}

/** Penalty `l1 * sum(|x|)`. Source: Keras `L1`. */
export class L1 extends L1L2 {
  override readonly className = "L1";

  constructor({ l1 = 0.01 }: { readonly l1?: number | undefined } = {}) {
    super({ l1 });
  }

  override getConfig(): Record<string, unknown> {
    return { l1: this.l1 };
  }
}

/** Penalty `l2 * sum(x^2)`. Source: Keras `L2`. */
export class L2 extends L1L2 {
  override readonly className = "L2";

  constructor({ l2 = 0.01 }: { readonly l2?: number | undefined } = {}) {
    super({ l2 });
  }

  override getConfig(): Record<string, unknown> {
    return { l2: this.l2 };
  }
}

/** Which vectors of a matrix {@link OrthogonalRegularizer} compares. */
export type OrthogonalMode = "rows" | "columns";

/**
 * Penalty `factor * mean(|cos|)`, over the angles between each two rows, or columns, of a matrix.
 *
 * Source: Keras `OrthogonalRegularizer`.
 *
 * @throws {InvalidConfigError} the factor is negative or not finite, or there is no such mode.
 */
export class OrthogonalRegularizer extends Regularizer {
  override readonly className = "OrthogonalRegularizer";
  readonly factor: number;
  readonly mode: OrthogonalMode;

  constructor({
    factor = 0.01,
    mode = "rows",
  }: { readonly factor?: number | undefined; readonly mode?: OrthogonalMode | undefined } = {}) {
    super();
    if (!Number.isFinite(factor) || factor < 0) {
      throw new InvalidConfigError("OrthogonalRegularizer", "factor", "a number of at least 0", factor);
    }
    if (mode !== "rows" && mode !== "columns") {
      throw new InvalidConfigError("OrthogonalRegularizer", "mode", '"rows" or "columns"', mode);
    }
    this.factor = factor;
    this.mode = mode;
  }

  /** @throws {ShapeError} the values are no matrix. */
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

export type RegularizerName = KerasName<"l1" | "l2" | "l1L2" | "orthogonalRegularizer">;

const makers: ReadonlyMap<string, () => Regularizer> = new Map<string, () => Regularizer>([
  ["l1", () => new L1()],
  ["l2", () => new L2()],
  ["l1l2", () => new L1L2()],
  ["orthogonalregularizer", () => new OrthogonalRegularizer()],
]);

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
  const make = makers.get(plainName(choice));
  if (make === undefined)
    throw new InvalidConfigError(owner, option, "l1, l2, l1L2, orthogonalRegularizer or a Regularizer", choice);
  return make();
}
