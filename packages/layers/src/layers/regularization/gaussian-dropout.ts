import { InvalidConfigError, type OptionNames, type Shape } from "@featuremap/tensor";
import { isWithin } from "../../config/options.ts";
import * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../config/config-reader.ts";
import { layerOptions } from "../../layer/layer-config.ts";
import type { CallContext } from "../../layer/layer.ts";
import { normalNoise } from "@featuremap/operations";
import { readLayerConfig } from "../../layer/reading/read-config.ts";
import { RandomLayer, type RandomLayerConfig } from "./random-layer.ts";

export interface GaussianDropoutConfig extends RandomLayerConfig {
  /** As the rate of `Dropout`, whose mask has the same deviation: `sqrt(rate / (1 - rate))`. In [0, 1). */
  readonly rate: number;
}

/**
 * Multiplies by normal noise of mean 1 while training.
 *
 * Training: `y = x * noise`. Prediction: `y = x`.
 * Shape: `[batch, ...]` to the same shape. Source: Srivastava et al., JMLR 15, 2014, section 10; Keras `GaussianDropout`.
 *
 * @throws {InvalidConfigError} `rate` is outside [0, 1), or the seed is not an integer in [0, 2^32).
 */
export class GaussianDropout extends RandomLayer<GaussianDropoutConfig> {
  static override readonly className = "GaussianDropout";
  static override readonly options: OptionNames<GaussianDropoutConfig> = { rate: true, seed: true, ...layerOptions };

  constructor(config: GaussianDropoutConfig) {
    super(config);
    if (!isWithin(config.rate, 0, 1) || config.rate === 1) {
      throw new InvalidConfigError("GaussianDropout", "rate", "in [0, 1)", config.rate);
    }
  }

  override outputShape(input: Shape): Shape {
    return input;
  }

  override call(input: tf.Tensor, { training }: CallContext): tf.Tensor {
    const { rate } = this.config;
    if (!training || rate === 0) return input;
    return tf.mul(input, normalNoise(input.shape, 1, Math.sqrt(rate / (1 - rate)), this.draws.uint32()));
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), rate: this.config.rate, seed: this.seed };
  }

  static fromConfig(reader: ConfigReader): GaussianDropout {
    return new GaussianDropout({
      ...readLayerConfig(reader),
      rate: reader.number("rate") ?? Number.NaN,
      seed: reader.numberOrNull("seed"),
    });
  }
}
