import { requireBoolean } from "../config/options.ts";
import { type FixedShape, type Shape } from "@featuremap/tensor";
import { type Activation, resolveShapeKeeping, serializeActivation } from "../parts/activations.ts";
import { type Constraint, resolveConstraint } from "../parts/constraints.ts";
import type { Initializer } from "../parts/initializers/initializer.ts";
import { resolveInitializer } from "../parts/initializers/resolve-initializer.ts";
import { serializePart } from "../config/keras-object.ts";
import { Layer } from "./layer.ts";
import type { InnerWork } from "@featuremap/operations";
import { type Regularizer, resolveRegularizer } from "../parts/regularizers.ts";
import type { Weight } from "./weights/weight.ts";
import type { KernelConfig } from "./kernel-config.ts";
import { requireBuilt } from "./weights/require-built.ts";

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
    const owner = this.className;
    this.activation = resolveShapeKeeping(owner, config.activation);
    this.useBias = requireBoolean(this.className, "useBias", config.useBias, true);
    this.kernelInitializer = resolveInitializer(owner, "kernelInitializer", config.kernelInitializer, "glorotUniform");
    this.biasInitializer = resolveInitializer(owner, "biasInitializer", config.biasInitializer, "zeros");
    this.kernelRegularizer = resolveRegularizer(owner, "kernelRegularizer", config.kernelRegularizer);
    this.biasRegularizer = resolveRegularizer(owner, "biasRegularizer", config.biasRegularizer);
    this.kernelConstraint = resolveConstraint(owner, "kernelConstraint", config.kernelConstraint);
    this.biasConstraint = resolveConstraint(owner, "biasConstraint", config.biasConstraint);
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

  /** Keras's keys for what this class adds. */
  protected kernelOptions(): Record<string, unknown> {
    return {
      activation: serializeActivation(this.activation),
      use_bias: this.useBias,
      kernel_initializer: serializePart(this.kernelInitializer),
      bias_initializer: serializePart(this.biasInitializer),
      kernel_regularizer: serializePart(this.kernelRegularizer),
      bias_regularizer: serializePart(this.biasRegularizer),
      kernel_constraint: serializePart(this.kernelConstraint),
      bias_constraint: serializePart(this.biasConstraint),
    };
  }
}
