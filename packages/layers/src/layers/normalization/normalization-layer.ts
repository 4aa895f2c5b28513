import { isWithin, requireBoolean } from "../../config/options.ts";
import { type FixedShape, InvalidConfigError } from "@featuremap/tensor";
import { type Constraint, resolveConstraint } from "../../parts/constraints.ts";
import type { Initializer } from "../../parts/initializers/initializer.ts";
import { resolveInitializer } from "../../parts/initializers/resolve-initializer.ts";
import { serializePart } from "../../config/keras-object.ts";
import { Layer } from "../../layer/layer.ts";
import { type Regularizer, resolveRegularizer } from "../../parts/regularizers.ts";
import type { Weight } from "../../layer/weights/weight.ts";
import type { NormalizationConfig } from "./normalization-config.ts";

/** A layer that normalises, and then may scale by `gamma` and shift by `beta`. */
export abstract class NormalizationLayer<Config extends NormalizationConfig> extends Layer<Config> {
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  readonly betaInitializer: Initializer;
  readonly gammaInitializer: Initializer;
  readonly betaRegularizer: Regularizer | null;
  readonly gammaRegularizer: Regularizer | null;
  readonly betaConstraint: Constraint | null;
  readonly gammaConstraint: Constraint | null;
  #gamma: Weight | null = null;
  #beta: Weight | null = null;

  constructor(config: Config) {
    super(config);
    const owner = this.className;
    this.epsilon = config.epsilon ?? 1e-3;
    if (!isWithin(this.epsilon, 0, Number.MAX_VALUE)) {
      throw new InvalidConfigError(owner, "epsilon", "a number of at least 0", this.epsilon);
    }
    this.center = requireBoolean(this.className, "center", config.center, true);
    this.scale = requireBoolean(this.className, "scale", config.scale, true);
    this.betaInitializer = resolveInitializer(owner, "betaInitializer", config.betaInitializer, "zeros");
    this.gammaInitializer = resolveInitializer(owner, "gammaInitializer", config.gammaInitializer, "ones");
    this.betaRegularizer = resolveRegularizer(owner, "betaRegularizer", config.betaRegularizer);
    this.gammaRegularizer = resolveRegularizer(owner, "gammaRegularizer", config.gammaRegularizer);
    this.betaConstraint = resolveConstraint(owner, "betaConstraint", config.betaConstraint);
    this.gammaConstraint = resolveConstraint(owner, "gammaConstraint", config.gammaConstraint);
  }

  /** `null` without scaling, or before the layer is built. */
  get gamma(): Weight | null {
    return this.#gamma;
  }

  /** `null` without shifting, or before the layer is built. */
  get beta(): Weight | null {
    return this.#beta;
  }

  protected addGamma(shape: FixedShape): void {
    this.#gamma = this.addWeight("gamma", shape, this.gammaInitializer, {
      regularizer: this.gammaRegularizer,
      constraint: this.gammaConstraint,
    });
  }

  protected addBeta(shape: FixedShape): void {
    this.#beta = this.addWeight("beta", shape, this.betaInitializer, {
      regularizer: this.betaRegularizer,
      constraint: this.betaConstraint,
    });
  }

  /** Keras's keys for what this class adds. */
  protected normalizationOptions(): Record<string, unknown> {
    return {
      epsilon: this.epsilon,
      center: this.center,
      scale: this.scale,
      beta_initializer: serializePart(this.betaInitializer),
      gamma_initializer: serializePart(this.gammaInitializer),
      beta_regularizer: serializePart(this.betaRegularizer),
      gamma_regularizer: serializePart(this.gammaRegularizer),
      beta_constraint: serializePart(this.betaConstraint),
      gamma_constraint: serializePart(this.gammaConstraint),
    };
  }
}
