import type { OptionNames, Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import {
  type ActivationFunction,
  type ActivationName,
  type Activation as NamedActivation,
  resolveActivation,
  serializeActivation,
} from "../../parts/activations.ts";
import type { ConfigReader } from "../../config/config-reader.ts";
import { type LayerConfig, layerOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { readActivation } from "../../layer/reading/part-readers.ts";
import { withFirstOption } from "../../config/first-option.ts";

export interface ActivationConfig extends LayerConfig {
  /** Its name, or a function of your own. */
  readonly activation: ActivationName | ActivationFunction | NamedActivation;
}

/**
 * Applies an activation function.
 *
 * Shape: `[batch, ...]` to the same shape; `glu` halves the last axis. Source: Keras `Activation`.
 *
 * @throws {InvalidConfigError} there is no activation of that name.
 */
export class Activation extends Layer<ActivationConfig> {
  static override readonly className = "Activation";
  static override readonly options: OptionNames<ActivationConfig> = { activation: true, ...layerOptions };
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
    this.activation = resolveActivation("Activation", this.config.activation);
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

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), activation: serializeActivation(this.activation) };
  }

  static fromConfig(reader: ConfigReader): Activation {
    return new Activation({ ...reader.base(), activation: readActivation(reader) ?? "linear" });
  }
}
