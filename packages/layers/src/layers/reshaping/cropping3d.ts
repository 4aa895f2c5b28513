import type { OptionNames } from "@featuremap/tensor";
import type { ConfigReader } from "../../config/config-reader.ts";
import { type KerasName, pythonName } from "../../config/keras-object.ts";
import { type LayerConfig, layerOptions } from "../../layer/layer-config.ts";
import { Cropping } from "./cropping.ts";
import { type Margins3D, readMargins, requireMargins } from "./margins.ts";
import { type DataFormat, requireDataFormat } from "../../config/options.ts";

export interface Cropping3DConfig extends LayerConfig {
  /**
   * Elements taken away: on all sides, `[depth, height, width]` or `[[front, back], [top, bottom], [left, right]]`; 1 unless
   * said otherwise.
   */
  readonly cropping?: Margins3D | undefined;
  readonly dataFormat?: KerasName<DataFormat> | undefined;
}

/**
 * Takes planes, rows and columns away from the sides of volumes.
 *
 * Shape: `[batch, depth, height, width, channels]` to the same with the lengths that are left, channels second with
 * `channelsFirst`.
 * Source: Keras `Cropping3D`.
 *
 * @throws {InvalidConfigError} `cropping` has other than integers of at least 0, or not for every side.
 */
export class Cropping3D extends Cropping<Cropping3DConfig> {
  static override readonly className = "Cropping3D";
  static override readonly options: OptionNames<Cropping3DConfig> = {
    cropping: true,
    dataFormat: true,
    ...layerOptions,
  };

  constructor(config: Cropping3DConfig = {}) {
    const owner = Cropping3D.className;
    super(config, ({ cropping = 1, dataFormat }) => ({
      margins: requireMargins(owner, "cropping", cropping, 3),
      dataFormat: requireDataFormat(owner, dataFormat),
    }));
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), cropping: this.margins, data_format: pythonName(this.dataFormat) };
  }

  static fromConfig(reader: ConfigReader): Cropping3D {
    return new Cropping3D({
      ...reader.base(),
      cropping: readMargins(reader, "cropping", 3),
      dataFormat: reader.word("data_format", ["channels_last", "channels_first"]),
    });
  }
}
