import type { Options } from "@featuremap/tensor";
import type { KerasName } from "../../config/keras-object.ts";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { Cropping } from "./cropping.ts";
import { type Margin, type Margins3D, marginsOption } from "./margins.ts";
import { dataFormatOption } from "../../config/kinds.ts";
import type { DataFormat } from "../../config/options.ts";

export interface Cropping3DConfig extends LayerConfig {
  /**
   * Elements taken away: on all sides, `[depth, height, width]` or `[[front, back], [top, bottom], [left, right]]`.
   * Default: 1.
   */
  readonly cropping?: Margins3D | undefined;
  readonly dataFormat?: KerasName<DataFormat> | undefined;
}

const declared = { cropping: marginsOption(3).default(1), dataFormat: dataFormatOption() };

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
  static override readonly className: string = "Cropping3D";
  static override readonly options: Options<Cropping3DConfig> = { ...declared, ...commonOptions };
  override readonly dataFormat: DataFormat;
  protected override readonly margins: readonly Margin[];

  constructor(config: Cropping3DConfig = {}) {
    super(config);
    ({ cropping: this.margins, dataFormat: this.dataFormat } = this.settle(declared));
  }
}
