import type { OptionNames } from "@featuremap/tensor";
import type { ConfigReader } from "../../config/config-reader.ts";
import { layerOptions } from "../../layer/layer-config.ts";
import { SpatialDropout, type SpatialDropoutConfig } from "./spatial-dropout.ts";

export type SpatialDropout1DConfig = SpatialDropoutConfig;

/**
 * Zeroes whole channels of sequences at random while training, and rescales the rest so that the mean is kept.
 *
 * Training: `y = x * mask / (1 - rate)`, one mask element for each input and channel. Prediction: `y = x`.
 * Shape: `[batch, steps, channels]` to the same shape.
 * Source: Tompson et al., CVPR 2015; Keras `SpatialDropout1D`.
 *
 * @throws {InvalidConfigError} `rate` is outside [0, 1), or the seed is not an integer in [0, 2^32).
 */
export class SpatialDropout1D extends SpatialDropout<SpatialDropout1DConfig> {
  static override readonly className = "SpatialDropout1D";
  static override readonly options: OptionNames<SpatialDropout1DConfig> = { rate: true, seed: true, ...layerOptions };
  protected override readonly axes: readonly string[] = ["batch", "steps", "channels"];

  static fromConfig(reader: ConfigReader): SpatialDropout1D {
    return new SpatialDropout1D({
      ...reader.base(),
      rate: reader.number("rate") ?? Number.NaN,
      seed: reader.numberOrNull("seed"),
    });
  }
}
