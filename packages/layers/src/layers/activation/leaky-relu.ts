import type { OptionNames, Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../config/config-reader.ts";
import { type LayerConfig, layerOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { readLayerConfig } from "../../layer/reading/read-config.ts";
import { requireNonNegative } from "../../config/options.ts";

export interface LeakyReLUConfig extends LayerConfig {
  /** Slope below 0. Default: 0.3. */
  readonly negativeSlope?: number | undefined;
}

/**
 * `y = x` where `x > 0`, `y = negativeSlope x` elsewhere.
 *
 * Shape: `[batch, ...]` to the same shape. Source: Maas et al., ICML 2013; Keras `LeakyReLU`.
 *
 * @throws {InvalidConfigError} the slope is negative or not finite.
 */
export class LeakyReLU extends Layer<LeakyReLUConfig> {
  static override readonly className = "LeakyReLU";
  static override readonly options: OptionNames<LeakyReLUConfig> = { negativeSlope: true, ...layerOptions };
  readonly negativeSlope: number;

  constructor(config: LeakyReLUConfig = {}) {
    super(config);
    this.negativeSlope = requireNonNegative("LeakyReLU", "negativeSlope", config.negativeSlope ?? 0.3);
  }

  protected override get buildsFromShape(): boolean {
    return false;
  }

  override outputShape(input: Shape): Shape {
    return input;
  }

  override call(input: tf.Tensor): tf.Tensor {
    return tf.leakyRelu(input, this.negativeSlope);
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), negative_slope: this.negativeSlope };
  }

  static fromConfig(reader: ConfigReader): LeakyReLU {
    return new LeakyReLU({ ...readLayerConfig(reader), negativeSlope: reader.number("negative_slope") });
  }
}
