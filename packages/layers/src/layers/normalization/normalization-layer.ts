import { type FixedShape, Option, type Options } from "@featuremap/tensor";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { constraintOption, initializerOption, regularizerOption } from "../../layer/part-options.ts";
import type { Weight } from "../../layer/weights/weight.ts";
import type { Constraint, ConstraintName } from "../../parts/constraints.ts";
import type { Initializer } from "../../parts/initializers/initializer.ts";
import type { InitializerName } from "../../parts/initializers/resolve-initializer.ts";
import type { Regularizer, RegularizerName } from "../../parts/regularizers.ts";

/** Options of layers that normalise, and then may scale and shift. */
export interface NormalizationConfig extends LayerConfig {
  /** Added to the variance before its root is taken. Default: 0.001. */
  readonly epsilon?: number | undefined;
  /** Whether `beta` is added. Default: true. */
  readonly center?: boolean | undefined;
  /** Whether `gamma` multiplies. Default: true. */
  readonly scale?: boolean | undefined;
  /** Default: `zeros`. */
  readonly betaInitializer?: InitializerName | Initializer | undefined;
  /** Default: `ones`. */
  readonly gammaInitializer?: InitializerName | Initializer | undefined;
  readonly betaRegularizer?: RegularizerName | Regularizer | null | undefined;
  readonly gammaRegularizer?: RegularizerName | Regularizer | null | undefined;
  readonly betaConstraint?: ConstraintName | Constraint | null | undefined;
  readonly gammaConstraint?: ConstraintName | Constraint | null | undefined;
}

const declared = {
  epsilon: Option.nonNegative().default(1e-3).notNull(),
  center: Option.flag().default(true),
  scale: Option.flag().default(true),
  betaInitializer: initializerOption("zeros"),
  gammaInitializer: initializerOption("ones"),
  betaRegularizer: regularizerOption(),
  gammaRegularizer: regularizerOption(),
  betaConstraint: constraintOption(),
  gammaConstraint: constraintOption(),
};

/** These options. */
export const normalizationOptions: Options<NormalizationConfig> = { ...declared, ...commonOptions };

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
    const values = this.settle(declared);
    this.epsilon = values.epsilon;
    this.center = values.center;
    this.scale = values.scale;
    this.betaInitializer = values.betaInitializer;
    this.gammaInitializer = values.gammaInitializer;
    this.betaRegularizer = values.betaRegularizer;
    this.gammaRegularizer = values.gammaRegularizer;
    this.betaConstraint = values.betaConstraint;
    this.gammaConstraint = values.gammaConstraint;
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
}
