import { Option, type Options, type Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import {
  type ActivationChoice,
  type ActivationFunction,
  type ActivationName,
  type Activation as NamedActivation,
  resolveActivation,
} from "../../parts/activations.ts";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { activationOption } from "../../layer/part-options.ts";
import { withFirstOption } from "../../config/first-option.ts";

export interface ActivationConfig extends LayerConfig {
  /** Its name, or a function of your own. */
  readonly activation: ActivationName | ActivationFunction | NamedActivation;
}

const declared = {
  activation: new Option<ActivationChoice, NamedActivation>({
    ...activationOption().kind,
    check: (owner, _name, given: ActivationChoice) => resolveActivation(owner, given),
  }),
};

/**
 * Applies an activation function.
 *
 * Shape: `[batch, ...]` to the same shape; `glu` halves the last axis. Source: Keras `Activation`.
 *
 * @throws {InvalidConfigError} there is no activation of that name.
 */
export class Activation extends Layer<ActivationConfig> {
  static override readonly className: string = "Activation";
  static override readonly options: Options<ActivationConfig> = { ...declared, ...commonOptions };
  readonly activation: NamedActivation;

  /**
   * @param config the config, or just the activation's name or function
   * @param options the others, after the activation's name or function alone
   */
  constructor(
    config: ActivationConfig | ActivationName | ActivationFunction,
    options?: Omit<ActivationConfig, "activation">,
  ) {
    const isAlone = typeof config === "string" || typeof config === "function";
    super(withFirstOption<ActivationConfig>("Activation", "activation", config, isAlone, options));
    this.activation = this.settle(declared).activation;
  }

  protected override get buildsFromShape(): boolean {
    return false;
  }

  override outputShape(input: Shape): Shape {
    return this.activation.outputShape?.(input) ?? input;
  }

  override call(input: tf.Tensor): tf.Tensor {
    return this.activation.apply(input);
  }
}
