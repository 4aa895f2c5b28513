import type { Options } from "@featuremap/tensor";
import type { KerasName } from "../../config/keras-object.ts";
import { dataFormatOption } from "../../config/kinds.ts";
import type { DataFormat } from "../../config/options.ts";
import { SpatialDropout, type SpatialDropoutConfig, spatialDropoutOptions } from "./spatial-dropout.ts";

export interface SpatialDropout3DConfig extends SpatialDropoutConfig {
  /** Where the channels axis is. Default: `channelsLast`. */
  readonly dataFormat?: KerasName<DataFormat> | undefined;
}

const declared = { dataFormat: dataFormatOption() };

/**
 * Zeroes whole channels of volumes at random while training, and rescales the rest so that the mean is kept.
 *
 * Training: `y = x * mask / (1 - rate)`, one mask element for each volume and channel. Prediction: `y = x`.
 * Shape: `[batch, depth, height, width, channels]` to the same shape, channels second with `channelsFirst`.
 * Source: Tompson et al., CVPR 2015; Keras `SpatialDropout3D`.
 *
 * @throws {InvalidConfigError} `rate` is outside [0, 1], or the seed is not an integer in [0, 2^32).
 */
export class SpatialDropout3D extends SpatialDropout<SpatialDropout3DConfig> {
  static override readonly className: string = "SpatialDropout3D";
  static override readonly options: Options<SpatialDropout3DConfig> = spatialDropoutOptions(declared);
  readonly dataFormat: DataFormat;
  protected override readonly axes: readonly string[];

  constructor(config: SpatialDropout3DConfig) {
    super(config);
    this.dataFormat = this.settle(declared).dataFormat;
    const space = ["depth", "height", "width"];
    this.axes = this.dataFormat === "channelsLast" ? ["batch", ...space, "channels"] : ["batch", "channels", ...space];
  }
}
