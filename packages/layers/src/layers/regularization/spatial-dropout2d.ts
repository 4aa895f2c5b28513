import type { Options } from "@featuremap/tensor";
import type { KerasName } from "../../config/keras-object.ts";
import { dataFormatOption } from "../../config/kinds.ts";
import type { DataFormat } from "../../config/options.ts";
import { SpatialDropout, type SpatialDropoutConfig, spatialDropoutOptions } from "./spatial-dropout.ts";

export interface SpatialDropout2DConfig extends SpatialDropoutConfig {
  /** Where the channels axis is. Default: `channelsLast`. */
  readonly dataFormat?: KerasName<DataFormat> | undefined;
}

const declared = { dataFormat: dataFormatOption() };

/**
 * Zeroes whole feature maps at random while training, and rescales the rest so that the mean is kept.
 *
 * Training: `y = x * mask / (1 - rate)`, one mask element for each image and channel. Prediction: `y = x`.
 * Shape: `[batch, height, width, channels]` to the same shape, or `[batch, channels, height, width]`.
 * Source: Tompson et al., CVPR 2015; Keras `SpatialDropout2D`.
 *
 * @throws {InvalidConfigError} `rate` is outside [0, 1], or the seed is not an integer in [0, 2^32).
 */
export class SpatialDropout2D extends SpatialDropout<SpatialDropout2DConfig> {
  static override readonly className: string = "SpatialDropout2D";
  static override readonly options: Options<SpatialDropout2DConfig> = spatialDropoutOptions(declared);
  readonly dataFormat: DataFormat;
  protected override readonly axes: readonly string[];

  constructor(config: SpatialDropout2DConfig) {
    super(config);
    this.dataFormat = this.settle(declared).dataFormat;
    const space = ["height", "width"];
    this.axes = this.dataFormat === "channelsLast" ? ["batch", ...space, "channels"] : ["batch", "channels", ...space];
  }
}
