import type { OptionNames } from "@featuremap/tensor";
import type { ConfigReader } from "../../config/config-reader.ts";
import type { Constraint, ConstraintName } from "../../parts/constraints.ts";
import type { Initializer } from "../../parts/initializers/initializer.ts";
import type { InitializerName } from "../../parts/initializers/resolve-initializer.ts";
import { type LayerConfig, layerOptions } from "../../layer/layer-config.ts";
import { readConstraint, readInitializer, readRegularizer } from "../../layer/reading/part-readers.ts";
import type { Regularizer, RegularizerName } from "../../parts/regularizers.ts";

/** What layers take that scale and shift what they have normalised. */
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

/** The names of these options. */
export const normalizationOptions: OptionNames<NormalizationConfig> = {
  epsilon: true,
  center: true,
  scale: true,
  betaInitializer: true,
  gammaInitializer: true,
  betaRegularizer: true,
  gammaRegularizer: true,
  betaConstraint: true,
  gammaConstraint: true,
  ...layerOptions,
};

/** These options in Keras's config. */
export function readNormalizationConfig(reader: ConfigReader): NormalizationConfig {
  return {
    ...reader.base(),
    epsilon: reader.number("epsilon"),
    center: reader.boolean("center"),
    scale: reader.boolean("scale"),
    betaInitializer: readInitializer(reader, "beta_initializer"),
    gammaInitializer: readInitializer(reader, "gamma_initializer"),
    betaRegularizer: readRegularizer(reader, "beta_regularizer"),
    gammaRegularizer: readRegularizer(reader, "gamma_regularizer"),
    betaConstraint: readConstraint(reader, "beta_constraint"),
    gammaConstraint: readConstraint(reader, "gamma_constraint"),
    activityRegularizer: readRegularizer(reader, "activity_regularizer"),
  };
}
