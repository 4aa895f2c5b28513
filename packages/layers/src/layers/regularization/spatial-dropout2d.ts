import type { OptionNames } from "@featuremap/tensor";
import type { ConfigReader } from "../../config/config-reader.ts";
import { type KerasName, pythonName } from "../../config/keras-object.ts";
import { layerOptions } from "../../layer/layer-config.ts";
import { type DataFormat, requireDataFormat } from "../../config/options.ts";
import { SpatialDropout, type SpatialDropoutConfig } from "./spatial-dropout.ts";

export interface SpatialDropout2DConfig extends SpatialDropoutConfig {
  /** Where the channels axis is. Default: `channelsLast`. */
  readonly dataFormat?: KerasName<DataFormat> | undefined;
}

/**
 * Zeroes whole feature maps at random while training, and rescales the rest so that the mean is kept.
 *
 * Training: `y = x * mask / (1 - rate)`, one mask element for each image and channel. Prediction: `y = x`.
 * Shape: `[batch, height, width, channels]` to the same shape, or `[batch, channels, height, width]`.
 * Source: Tompson et al., CVPR 2015; Keras `SpatialDropout2D`.
 *
 * @throws {InvalidConfigError} `rate` is outside [0, 1), or the seed is not an integer in [0, 2^32).
 */
export class SpatialDropout2D extends SpatialDropout<SpatialDropout2DConfig> {
  static override readonly className = "SpatialDropout2D";
  static override readonly options: OptionNames<SpatialDropout2DConfig> = {
    rate: true,
    dataFormat: true,
    seed: true,
    ...layerOptions,
  };
  readonly dataFormat: DataFormat;
  protected override readonly axes: readonly string[];

  constructor(config: SpatialDropout2DConfig) {
    super(config);
    this.dataFormat = requireDataFormat("SpatialDropout2D", config.dataFormat);
    const space = ["height", "width"];
    this.axes = this.dataFormat === "channelsLast" ? ["batch", ...space, "channels"] : ["batch", "channels", ...space];
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), data_format: pythonName(this.dataFormat) };
  }

  static fromConfig(reader: ConfigReader): SpatialDropout2D {
    return new SpatialDropout2D({
      ...reader.base(),
      rate: reader.number("rate") ?? Number.NaN,
      seed: reader.numberOrNull("seed"),
      dataFormat: reader.word("data_format", ["channels_last", "channels_first"]),
    });
  }
}
