import { Option, type Options, type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { Axes } from "../../config/axis-options.ts";
import type { Constraint, ConstraintName } from "../../parts/constraints.ts";
import type { Initializer } from "../../parts/initializers/initializer.ts";
import type { InitializerName } from "../../parts/initializers/resolve-initializer.ts";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { constraintOption, initializerOption, regularizerOption } from "../../layer/part-options.ts";
import type { Regularizer, RegularizerName } from "../../parts/regularizers.ts";
import type { Weight } from "../../layer/weights/weight.ts";
import { requireBuilt } from "../../layer/weights/require-built.ts";

export interface PReLUConfig extends LayerConfig {
  /** Default: `zeros`. */
  readonly alphaInitializer?: InitializerName | Initializer | undefined;
  readonly alphaRegularizer?: RegularizerName | Regularizer | null | undefined;
  readonly alphaConstraint?: ConstraintName | Constraint | null | undefined;
  /** Axes along which all elements share a slope: `[1, 2]` for a slope of each channel of images. None by default. */
  readonly sharedAxes?: Axes | null | undefined;
}

const axes = Option.plain<Axes>({
  expected: "an integer of at least 1, or a list of them",
  accepts: (given) => [given].flat().every((axis) => Number.isInteger(axis) && Number(axis) >= 1),
});

const declared = {
  alphaInitializer: initializerOption("zeros"),
  alphaRegularizer: regularizerOption(),
  alphaConstraint: constraintOption(),
  sharedAxes: new Option<Axes, readonly number[]>({
    ...axes.kind,
    check: (owner, name, given: Axes) => [axes.check(owner, name, given)].flat(),
  }).orNull(),
};

/**
 * `y = x` where `x > 0`, `y = alpha x` elsewhere, with slopes `alpha` that are learned.
 *
 * Shape: `[batch, ...]` to the same shape; `alpha` has the input's without the batch axis, of length 1 where shared.
 * Source: He et al., ICCV 2015; Keras `PReLU`.
 *
 * @throws {InvalidConfigError} a shared axis is not an integer of at least 1.
 */
export class PReLU extends Layer<PReLUConfig> {
  static override readonly className: string = "PReLU";
  static override readonly options: Options<PReLUConfig> = { ...declared, ...commonOptions };
  readonly alphaInitializer: Initializer;
  readonly alphaRegularizer: Regularizer | null;
  readonly alphaConstraint: Constraint | null;
  readonly sharedAxes: readonly number[] | null;
  #alpha: Weight | null = null;

  constructor(config: PReLUConfig = {}) {
    super(config);
    const { alphaInitializer, alphaRegularizer, alphaConstraint, sharedAxes } = this.settle(declared);
    this.alphaInitializer = alphaInitializer;
    this.alphaRegularizer = alphaRegularizer;
    this.alphaConstraint = alphaConstraint;
    this.sharedAxes = sharedAxes;
  }

  override outputShape(input: Shape): Shape {
    const expected = this.#alpha?.shape ?? null;
    const needed = this.#slopeShape(input);
    const open =
      needed.includes(null) || needed.length === 0 || (this.sharedAxes ?? []).some((axis) => axis >= input.length);
    if (open || (expected !== null && formatShape(expected) !== formatShape(needed))) {
      const wanted =
        expected === null
          ? "(batch, ...) with known lengths except on shared axes"
          : `for ${formatShape(expected)} slopes`;
      throw new ShapeError(this.name, "input", wanted, formatShape(input));
    }
    return input;
  }

  #slopeShape(input: Shape): Shape {
    return input.slice(1).map((length, index) => (this.sharedAxes?.includes(index + 1) === true ? 1 : length));
  }

  protected override createWeights(input: Shape): void {
    const shape = this.#slopeShape(input).map((length) => length ?? 1);
    this.#alpha = this.addWeight("alpha", shape, this.alphaInitializer, {
      regularizer: this.alphaRegularizer,
      constraint: this.alphaConstraint,
    });
  }

  /** @throws {NotReadyError} the layer is not built. */
  get alpha(): Weight {
    return requireBuilt(this.name, this.#alpha);
  }

  override call(input: tf.Tensor): tf.Tensor {
    // Unlike tf.prelu, this has the gradient 0 at 0, as Keras has.
    return tf.sub(tf.relu(input), tf.mul(this.alpha.variable, tf.relu(tf.neg(input))));
  }
}
