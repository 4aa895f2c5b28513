import { InvalidConfigError, type OptionNames, type Shape } from "@featuremap/tensor";
import { isWithin } from "../../config/options.ts";
import * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../config/config-reader.ts";
import { layerOptions } from "../../layer/layer-config.ts";
import type { CallContext } from "../../layer/layer.ts";
import { normalNoise } from "@featuremap/operations";
import { readLayerConfig } from "../../layer/reading/read-config.ts";
import { RandomLayer, type RandomLayerConfig } from "./random-layer.ts";

export interface GaussianNoiseConfig extends RandomLayerConfig {
  /** Standard deviation of the noise, in [0, 1]. */
  readonly stddev: number;
}

/**
 * Adds normal noise of mean 0 while training.
 *
 * Training: `y = x + noise`. Prediction: `y = x`.
 * Shape: `[batch, ...]` to the same shape. Source: Keras `GaussianNoise`.
 *
 * @throws {InvalidConfigError} `stddev` is outside [0, 1], or the seed is not an integer in [0, 2^32).
 */
export class GaussianNoise extends RandomLayer<GaussianNoiseConfig> {
  static override readonly className = "GaussianNoise";
  static override readonly options: OptionNames<GaussianNoiseConfig> = { stddev: true, seed: true, ...layerOptions };

  constructor(config: GaussianNoiseConfig) {
    super(config);
    if (!isWithin(config.stddev, 0, 1)) {
      throw new InvalidConfigError("GaussianNoise", "stddev", "in [0, 1]", config.stddev);
    }
  }

  override outputShape(input: Shape): Shape {
    return input;
  }

  override call(input: tf.Tensor, { training }: CallContext): tf.Tensor {
    const { stddev } = this.config;
    if (!training || stddev === 0) return input;
    return tf.add(input, normalNoise(input.shape, 0, stddev, this.draws.uint32()));
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), stddev: this.config.stddev, seed: this.seed };
  }

  static fromConfig(reader: ConfigReader): GaussianNoise {
    return new GaussianNoise({
      ...readLayerConfig(reader),
      stddev: reader.number("stddev") ?? Number.NaN,
      seed: reader.numberOrNull("seed"),
    });
  }
}
