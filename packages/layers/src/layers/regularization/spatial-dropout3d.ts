import type { OptionNames } from "@featuremap/tensor";
import type { ConfigReader } from "../../config/config-reader.ts";
import { type KerasName, pythonName } from "../../config/keras-object.ts";
import { layerOptions } from "../../layer/layer-config.ts";
import { type DataFormat, requireDataFormat } from "../../config/options.ts";
import { SpatialDropout, type SpatialDropoutConfig } from "./spatial-dropout.ts";

export interface SpatialDropout3DConfig extends SpatialDropoutConfig {
  /** Where the channels axis is. Default: `channelsLast`. */
  readonly dataFormat?: KerasName<DataFormat> | undefined;
}

/**
 * Zeroes whole channels of volumes at random while training, and rescales the rest so that the mean is kept.
 *
 * Training: `y = x * mask / (1 - rate)`, one mask element for each volume and channel. Prediction: `y = x`.
 * Shape: `[batch, depth, height, width, channels]` to the same shape, channels second with `channelsFirst`.
 * Source: Tompson et al., CVPR 2015; Keras `SpatialDropout3D`.
 *
 * @throws {InvalidConfigError} `rate` is outside [0, 1), or the seed is not an integer in [0, 2^32).
 */
export class SpatialDropout3D extends SpatialDropout<SpatialDropout3DConfig> {
  static override readonly className = "SpatialDropout3D";
  static override readonly options: OptionNames<SpatialDropout3DConfig> = {
    rate: true,
    dataFormat: true,
    seed: true,
    ...layerOptions,
  };
  readonly dataFormat: DataFormat;
  protected override readonly axes: readonly string[];

  constructor(config: SpatialDropout3DConfig) {
    super(config);
    this.dataFormat = requireDataFormat("SpatialDropout3D", config.dataFormat);
    const space = ["depth", "height", "width"];
    this.axes = this.dataFormat === "channelsLast" ? ["batch", ...space, "channels"] : ["batch", "channels", ...space];
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), data_format: pythonName(this.dataFormat) };
  }

  static fromConfig(reader: ConfigReader): SpatialDropout3D {
    return new SpatialDropout3D({
      ...reader.base(),
      rate: reader.number("rate") ?? Number.NaN,
      seed: reader.numberOrNull("seed"),
      dataFormat: reader.word("data_format", ["channels_last", "channels_first"]),
    });
  }
}
