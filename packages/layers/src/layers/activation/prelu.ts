import { InvalidConfigError, type OptionNames, type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../config/config-reader.ts";
import { type Constraint, type ConstraintName, resolveConstraint } from "../../parts/constraints.ts";
import type { Initializer } from "../../parts/initializers/initializer.ts";
import { type InitializerName, resolveInitializer } from "../../parts/initializers/resolve-initializer.ts";
import { serializePart } from "../../config/keras-object.ts";
import { type LayerConfig, layerOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { readConstraint, readInitializer, readRegularizer } from "../../layer/reading/part-readers.ts";
import { readLayerConfig } from "../../layer/reading/read-config.ts";
import { type Regularizer, type RegularizerName, resolveRegularizer } from "../../parts/regularizers.ts";
import type { Weight } from "../../layer/weights/weight.ts";
import { requireBuilt } from "../../layer/weights/require-built.ts";

export interface PReLUConfig extends LayerConfig {
  /** Default: `zeros`. */
  readonly alphaInitializer?: InitializerName | Initializer | undefined;
  readonly alphaRegularizer?: RegularizerName | Regularizer | null | undefined;
  readonly alphaConstraint?: ConstraintName | Constraint | null | undefined;
  /** Axes along which all elements share a slope: `[1, 2]` for a slope of each channel of images. None otherwise. */
  readonly sharedAxes?: number | readonly number[] | null | undefined;
}

/**
 * `y = x` where `x > 0`, `y = alpha x` elsewhere, with slopes `alpha` that are learned.
 *
 * Shape: `[batch, ...]` to the same shape; `alpha` has the input's without the batch axis, of length 1 where shared.
 * Source: He et al., ICCV 2015; Keras `PReLU`.
 *
 * @throws {InvalidConfigError} a shared axis is not an integer of at least 1.
 */
export class PReLU extends Layer<PReLUConfig> {
  static override readonly className = "PReLU";
  static override readonly options: OptionNames<PReLUConfig> = {
    alphaInitializer: true,
    alphaRegularizer: true,
    alphaConstraint: true,
    sharedAxes: true,
    ...layerOptions,
  };
  readonly alphaInitializer: Initializer;
  readonly alphaRegularizer: Regularizer | null;
  readonly alphaConstraint: Constraint | null;
  readonly sharedAxes: readonly number[] | null;
  #alpha: Weight | null = null;

  constructor(config: PReLUConfig = {}) {
    super(config);
    this.alphaInitializer = resolveInitializer("PReLU", "alphaInitializer", config.alphaInitializer, "zeros");
    this.alphaRegularizer = resolveRegularizer("PReLU", "alphaRegularizer", config.alphaRegularizer);
    this.alphaConstraint = resolveConstraint("PReLU", "alphaConstraint", config.alphaConstraint);
    const { sharedAxes = null } = config;
    this.sharedAxes = sharedAxes === null ? null : [sharedAxes].flat();
    if (this.sharedAxes?.every((axis) => Number.isInteger(axis) && axis >= 1) === false) {
      throw new InvalidConfigError("PReLU", "sharedAxes", "an integer of at least 1, or a list of them", sharedAxes);
    }
  }

  override outputShape(input: Shape): Shape {
    const expected = this.#alpha?.shape ?? null;
    const needed = this.#slopeShape(input);
    const open =
      needed.includes(null) || needed.length === 0 || (this.sharedAxes ?? []).some((axis) => axis >= input.length);
    if (open || (expected !== null && formatShape(expected) !== formatShape(needed))) {
      const wanted =
        expected === null
          ? "(batch, ...) with known lengths but on shared axes"
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

  override getConfig(): Record<string, unknown> {
    return {
      ...super.getConfig(),
      alpha_initializer: serializePart(this.alphaInitializer),
      alpha_regularizer: serializePart(this.alphaRegularizer),
      alpha_constraint: serializePart(this.alphaConstraint),
      shared_axes: this.sharedAxes,
    };
  }

  static fromConfig(reader: ConfigReader): PReLU {
    const shared = reader.take("shared_axes");
    return new PReLU({
      ...readLayerConfig(reader),
      alphaInitializer: readInitializer(reader, "alpha_initializer"),
      alphaRegularizer: readRegularizer(reader, "alpha_regularizer"),
      alphaConstraint: readConstraint(reader, "alpha_constraint"),
      sharedAxes: shared === null ? null : reader.numbers("shared_axes"),
    });
  }
}
