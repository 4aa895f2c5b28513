import type { Options } from "@featuremap/tensor";
import type { KerasName } from "../../config/keras-object.ts";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { Cropping } from "./cropping.ts";
import { type Margin, type Margins2D, marginsOption } from "./margins.ts";
import { dataFormatOption } from "../../config/kinds.ts";
import type { DataFormat } from "../../config/options.ts";

export interface Cropping2DConfig extends LayerConfig {
  /**
   * Rows and columns taken away: on all sides, `[vertical, horizontal]` or `[[top, bottom], [left, right]]`. Default: 0.
   */
  readonly cropping?: Margins2D | undefined;
  readonly dataFormat?: KerasName<DataFormat> | undefined;
}

const declared = { cropping: marginsOption(2).default(0), dataFormat: dataFormatOption() };

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
  static override readonly className: string = "Cropping2D";
  static override readonly options: Options<Cropping2DConfig> = { ...declared, ...commonOptions };
  override readonly dataFormat: DataFormat;
  protected override readonly margins: readonly Margin[];

  constructor(config: Cropping2DConfig = {}) {
    super(config);
    ({ cropping: this.margins, dataFormat: this.dataFormat } = this.settle(declared));
  }
}
