import { Option, type Options } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { dropout } from "@featuremap/operations";
import { type DropoutConfig, DropoutLayer, dropoutOptions } from "./dropout-layer.ts";

const rate = Option.range(0, 1);

/**
 * Zeroes random elements while training, and rescales the rest so the mean is kept.
 *
 * Training: `y = x * mask / (1 - rate)`, nothing but zeros where the rate is 1. Prediction: `y = x`.
 * Shape: `[batch, ...]` to the same shape.
 * Source: Srivastava et al., JMLR 15, 2014 (inverted form); Keras `Dropout`.
 *
 * @throws {InvalidConfigError} `rate` is outside [0, 1], or the seed is not an integer in [0, 2^32).
 */
export class Dropout extends DropoutLayer {
  static override readonly className: string = "Dropout";
  static override readonly options: Options<DropoutConfig> = dropoutOptions(rate);

  constructor(config: DropoutConfig) {
    super(config, rate);
  }

  protected override drop(input: tf.Tensor, seed: number, maskShape: readonly number[]): tf.Tensor {
    return dropout(input, this.rate, seed, maskShape);
  }
}
