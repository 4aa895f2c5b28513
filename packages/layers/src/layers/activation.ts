import type { OptionNames, Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { type Activation as ActivationFunction, type ActivationName, resolveActivation } from "../activations.ts";
import type { ConfigReader } from "../config-reader.ts";
import { type LayerConfig, layerOptions } from "../layer-config.ts";
import { Layer } from "../layer.ts";
import { readActivation } from "../part-readers.ts";

export interface ActivationConfig extends LayerConfig {
  readonly activation: ActivationName | ActivationFunction;
}

/**
 * Applies an activation function.
 *
 * Shape: `[batch, ...]` to the same shape. Source: Keras `Activation`.
 *
 * @throws {InvalidConfigError} there is no activation of that name.
 */
export class Activation extends Layer<ActivationConfig> {
  static override readonly className = "Activation";
  static override readonly options: OptionNames<ActivationConfig> = { ...layerOptions, activation: true };
  readonly activation: ActivationFunction;

  /** @param config the config, or just the activation's name */
  constructor(config: ActivationConfig | ActivationName) {
    super(typeof config === "string" ? { activation: config } : config);
    this.activation = resolveActivation("Activation", this.config.activation);
  }

  protected override get buildsFromShape(): boolean {
    return false;
  }

  override outputShape(input: Shape): Shape {
    return input;
  }

  override call(input: tf.Tensor): tf.Tensor {
    return this.activation.apply(input);
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), activation: this.activation.name };
  }

  static fromConfig(reader: ConfigReader): Activation {
    return new Activation({ ...reader.base(), activation: readActivation(reader) ?? "linear" });
  }
}
