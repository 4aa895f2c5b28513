import type { Options, Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { seedOption } from "../../config/kinds.ts";
import { commonOptions } from "../../layer/layer-config.ts";
import type { CallContext } from "../../layer/layer.ts";
import { normalNoise } from "@featuremap/operations";
import { RandomLayer, type RandomLayerConfig, rateBelowOne } from "./random-layer.ts";

export interface GaussianDropoutConfig extends RandomLayerConfig {
  /** As the rate of `Dropout`, whose mask has the same deviation: `sqrt(rate / (1 - rate))`. In [0, 1). */
  readonly rate: number;
}

const declared = { rate: rateBelowOne, seed: seedOption() };

/**
 * Multiplies by normal noise of mean 1 while training.
 *
 * Training: `y = x * noise`. Prediction: `y = x`.
 * Shape: `[batch, ...]` to the same shape. Source: Srivastava et al., JMLR 15, 2014, section 10; Keras `GaussianDropout`.
 *
 * @throws {InvalidConfigError} `rate` is outside [0, 1), or the seed is not an integer in [0, 2^32).
 */
export class GaussianDropout extends RandomLayer<GaussianDropoutConfig> {
  static override readonly className: string = "GaussianDropout";
  static override readonly options: Options<GaussianDropoutConfig> = { ...declared, ...commonOptions };
  readonly rate: number;
  override readonly seed: number | null;

  constructor(config: GaussianDropoutConfig) {
    super(config);
    ({ rate: this.rate, seed: this.seed } = this.settle(declared));
  }

  override outputShape(input: Shape): Shape {
    return input;
  }

  override call(input: tf.Tensor, { training }: CallContext): tf.Tensor {
    const { rate } = this;
    if (!training || rate === 0) return input;
    return tf.mul(input, normalNoise(input.shape, 1, Math.sqrt(rate / (1 - rate)), this.draws.uint32()));
  }
}
