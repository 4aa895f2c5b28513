import { Option, type Options, type Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { seedOption } from "../../config/kinds.ts";
import { commonOptions } from "../../layer/layer-config.ts";
import type { CallContext } from "../../layer/layer.ts";
import { normalNoise } from "@featuremap/operations";
import { RandomLayer, type RandomLayerConfig } from "./random-layer.ts";

export interface GaussianNoiseConfig extends RandomLayerConfig {
  /** Standard deviation of the noise, in [0, 1]. */
  readonly stddev: number;
}

const declared = { stddev: Option.range(0, 1), seed: seedOption() };

/**
 * Adds normal noise of mean 0 while training.
 *
 * Training: `y = x + noise`. Prediction: `y = x`.
 * Shape: `[batch, ...]` to the same shape. Source: Keras `GaussianNoise`.
 *
 * @throws {InvalidConfigError} `stddev` is outside [0, 1], or the seed is not an integer in [0, 2^32).
 */
export class GaussianNoise extends RandomLayer<GaussianNoiseConfig> {
  static override readonly className: string = "GaussianNoise";
  static override readonly options: Options<GaussianNoiseConfig> = { ...declared, ...commonOptions };
  readonly stddev: number;
  override readonly seed: number | null;

  constructor(config: GaussianNoiseConfig) {
    super(config);
    ({ stddev: this.stddev, seed: this.seed } = this.settle(declared));
  }

  override outputShape(input: Shape): Shape {
    return input;
  }

  override call(input: tf.Tensor, { training }: CallContext): tf.Tensor {
    const { stddev } = this;
    if (!training || stddev === 0) return input;
    return tf.add(input, normalNoise(input.shape, 0, stddev, this.draws.uint32()));
  }
}
