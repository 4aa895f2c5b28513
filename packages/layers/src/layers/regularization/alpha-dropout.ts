import type { Options } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { alphaDropout } from "@featuremap/operations";
import { type DropoutConfig, DropoutLayer, dropoutOptions } from "./dropout-layer.ts";
import { rateBelowOne } from "./random-layer.ts";

/**
 * While training, sets random elements to the value that `selu` tends to, then scales and shifts all so that mean and
 * variance are kept.
 *
 * Training: `y = a * (x * mask + s * (1 - mask)) + b` with `s = -1.758`, and `a` and `b` such that inputs of mean 0 and
 * variance 1 keep both. Prediction: `y = x`.
 * Shape: `[batch, ...]` to the same shape.
 * Source: Klambauer et al., "Self-normalizing neural networks", 2017; Keras `AlphaDropout`.
 *
 * @throws {InvalidConfigError} `rate` is outside [0, 1), or the seed is not an integer in [0, 2^32).
 * @differs rejects a rate of 1, with which Keras 3.15 divides by zero when it trains
 */
export class AlphaDropout extends DropoutLayer {
  static override readonly className: string = "AlphaDropout";
  static override readonly options: Options<DropoutConfig> = dropoutOptions(rateBelowOne);

  constructor(config: DropoutConfig) {
    super(config, rateBelowOne);
  }

  protected override drop(input: tf.Tensor, seed: number, maskShape: readonly number[]): tf.Tensor {
    return alphaDropout(input, this.rate, seed, maskShape);
  }
}
