import { type FixedShape, Option, type Options, type Shape } from "@featuremap/tensor";
import type { InnerWork } from "@featuremap/operations";
import { fixedKey } from "../config/kinds.ts";
import type { Activation, ActivationChoice } from "../parts/activations.ts";
import type { Constraint, ConstraintName } from "../parts/constraints.ts";
import type { Initializer } from "../parts/initializers/initializer.ts";
import type { InitializerName } from "../parts/initializers/resolve-initializer.ts";
import type { Regularizer, RegularizerName } from "../parts/regularizers.ts";
import { Layer } from "./layer.ts";
import { type LayerConfig, commonOptions } from "./layer-config.ts";
import { activationOption, constraintOption, initializerOption, regularizerOption } from "./part-options.ts";
import { requireBuilt } from "./weights/require-built.ts";
import type { Weight } from "./weights/weight.ts";

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

const declared = {
  activation: activationOption(),
  useBias: Option.flag().default(true),
  kernelInitializer: initializerOption("glorotUniform"),
  biasInitializer: initializerOption("zeros"),
  kernelRegularizer: regularizerOption(),
  biasRegularizer: regularizerOption(),
  kernelConstraint: constraintOption(),
  biasConstraint: constraintOption(),
};

/** The regularizer that Keras saves of convolutions even where it is `null`. */
export const activity: Pick<typeof commonOptions, "activityRegularizer"> = {
  activityRegularizer: commonOptions.activityRegularizer,
};

/** Keras's key for how a layer is quantized; none is here. */
export const quantization: ReturnType<typeof fixedKey> = fixedKey("quantization_config", null);

/** These options, and Keras's keys for adapting a layer at low rank, which is not done here. */
export const kernelOptions: Options<KernelConfig> = {
  ...declared,
  ...commonOptions,
  ...fixedKey("lora_rank", null),
  ...fixedKey("lora_alpha", null),
  ...quantization,
};

/** A layer with a kernel, perhaps a bias, and an activation. */
export abstract class KernelLayer<Config extends KernelConfig> extends Layer<Config> {
  readonly activation: Activation;
  readonly useBias: boolean;
  readonly kernelInitializer: Initializer;
  readonly biasInitializer: Initializer;
  readonly kernelRegularizer: Regularizer | null;
  readonly biasRegularizer: Regularizer | null;
  readonly kernelConstraint: Constraint | null;
  readonly biasConstraint: Constraint | null;
  #kernel: Weight | null = null;
  #bias: Weight | null = null;

  constructor(config: Config) {
    super(config);
    ({
      activation: this.activation,
      useBias: this.useBias,
      kernelInitializer: this.kernelInitializer,
      biasInitializer: this.biasInitializer,
      kernelRegularizer: this.kernelRegularizer,
      biasRegularizer: this.biasRegularizer,
      kernelConstraint: this.kernelConstraint,
      biasConstraint: this.biasConstraint,
    } = this.settle(declared));
  }

  /** @throws {NotReadyError} the layer is not built. */
  get kernel(): Weight {
    return requireBuilt(this.name, this.#kernel);
  }

  /** `null` without a bias, or before the layer is built. */
  get bias(): Weight | null {
    return this.#bias;
  }

  /** The kernel's products. */
  protected abstract override innerWork(inputs: readonly Shape[], outputs: readonly Shape[]): InnerWork;

  /** Shape of the kernel once there is one. */
  protected get kernelShape(): FixedShape | null {
    return this.#kernel?.shape ?? null;
  }

  /** Creates kernel and bias. */
  protected addKernel(kernelShape: FixedShape, outputs: number): void {
    this.#kernel = this.addWeight("kernel", kernelShape, this.kernelInitializer, {
      regularizer: this.kernelRegularizer,
      constraint: this.kernelConstraint,
    });
    if (!this.useBias) return;
    this.#bias = this.addWeight("bias", [outputs], this.biasInitializer, {
      regularizer: this.biasRegularizer,
      constraint: this.biasConstraint,
    });
  }
}
