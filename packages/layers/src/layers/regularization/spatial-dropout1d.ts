import type { Options } from "@featuremap/tensor";
import { SpatialDropout, type SpatialDropoutConfig, spatialDropoutOptions } from "./spatial-dropout.ts";

export type SpatialDropout1DConfig = SpatialDropoutConfig;

/**
 * Zeroes whole channels of sequences at random while training, and rescales the rest so that the mean is kept.
 *
 * Training: `y = x * mask / (1 - rate)`, one mask element for each input and channel. Prediction: `y = x`.
 * Shape: `[batch, steps, channels]` to the same shape.
 * Source: Tompson et al., CVPR 2015; Keras `SpatialDropout1D`.
 *
 * @throws {InvalidConfigError} `rate` is outside [0, 1], or the seed is not an integer in [0, 2^32).
 */
export class SpatialDropout1D extends SpatialDropout<SpatialDropout1DConfig> {
  static override readonly className: string = "SpatialDropout1D";
  static override readonly options: Options<SpatialDropout1DConfig> = spatialDropoutOptions({});
  protected override readonly axes: readonly string[] = ["batch", "steps", "channels"];
}
