import type { OptionNames } from "@featuremap/tensor";
import type { ConfigReader } from "../../config/config-reader.ts";
import { type KerasName, pythonName } from "../../config/keras-object.ts";
import { type LayerConfig, layerOptions } from "../../layer/layer-config.ts";
import { Cropping } from "./cropping.ts";
import { type Margins2D, readMargins, requireMargins } from "./margins.ts";
import { type DataFormat, requireDataFormat } from "../../config/options.ts";

export interface Cropping2DConfig extends LayerConfig {
  /**
   * Rows and columns taken away: on all sides, `[vertical, horizontal]` or `[[top, bottom], [left, right]]`; none unless
   * said otherwise.
   */
  readonly cropping?: Margins2D | undefined;
  readonly dataFormat?: KerasName<DataFormat> | undefined;
}

/**
 * Takes rows and columns away from the sides of images.
 *
 * Shape: `[batch, height, width, channels]` to `[batch, height - top - bottom, width - left - right, channels]`, channels
 * second with `channelsFirst`.
 * Source: Keras `Cropping2D`.
 *
 * @throws {InvalidConfigError} `cropping` has other than integers of at least 0, or not for every side.
 */
export class Cropping2D extends Cropping<Cropping2DConfig> {
  static override readonly className = "Cropping2D";
  static override readonly options: OptionNames<Cropping2DConfig> = {
    cropping: true,
    dataFormat: true,
    ...layerOptions,
  };

  constructor(config: Cropping2DConfig = {}) {
    const owner = Cropping2D.className;
    super(config, ({ cropping = 0, dataFormat }) => ({
      margins: requireMargins(owner, "cropping", cropping, 2),
      dataFormat: requireDataFormat(owner, dataFormat),
    }));
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), cropping: this.margins, data_format: pythonName(this.dataFormat) };
  }

  static fromConfig(reader: ConfigReader): Cropping2D {
    return new Cropping2D({
      ...reader.base(),
      cropping: readMargins(reader, "cropping", 2),
      dataFormat: reader.word("data_format", ["channels_last", "channels_first"]),
    });
  }
}
