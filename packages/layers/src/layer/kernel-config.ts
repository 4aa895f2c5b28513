import type { OptionNames } from "@featuremap/tensor";
import type { ActivationChoice } from "../parts/activations.ts";
import type { ConstraintName, Constraint } from "../parts/constraints.ts";
import type { Initializer } from "../parts/initializers/initializer.ts";
import type { InitializerName } from "../parts/initializers/resolve-initializer.ts";
import { type LayerConfig, layerOptions } from "./layer-config.ts";
import type { Regularizer, RegularizerName } from "../parts/regularizers.ts";

/** What layers with a kernel and a bias take. */
export interface KernelConfig extends LayerConfig {
  /** Applied to the output. Default: linear. */
  readonly activation?: ActivationChoice;
  /** Whether a bias is added. Default: true. */
  readonly useBias?: boolean | undefined;
  /** Default: `glorotUniform`. */
  readonly kernelInitializer?: InitializerName | Initializer | undefined;
  /** Default: `zeros`. */
  readonly biasInitializer?: InitializerName | Initializer | undefined;
  readonly kernelRegularizer?: RegularizerName | Regularizer | null | undefined;
  readonly biasRegularizer?: RegularizerName | Regularizer | null | undefined;
  readonly kernelConstraint?: ConstraintName | Constraint | null | undefined;
  readonly biasConstraint?: ConstraintName | Constraint | null | undefined;
}

/** The names of these options. */
export const kernelOptions: OptionNames<KernelConfig> = {
  activation: true,
  useBias: true,
  kernelInitializer: true,
  biasInitializer: true,
  kernelRegularizer: true,
  biasRegularizer: true,
  kernelConstraint: true,
  biasConstraint: true,
  ...layerOptions,
};
