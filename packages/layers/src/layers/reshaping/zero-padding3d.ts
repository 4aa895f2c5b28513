import type { OptionNames } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../config/config-reader.ts";
import { type KerasName, pythonName } from "../../config/keras-object.ts";
import { type LayerConfig, layerOptions } from "../../layer/layer-config.ts";
import { padEnds } from "@featuremap/operations";
import { type Margin, MarginLayer, type Margins3D, readMargins, requireMargins } from "./margins.ts";
import { type DataFormat, requireDataFormat } from "../../config/options.ts";

export interface ZeroPadding3DConfig extends LayerConfig {
  /**
   * Zeros on all sides, `[depth, height, width]` or `[[front, back], [top, bottom], [left, right]]`. Default: 1.
   */
  readonly padding?: Margins3D | undefined;
  readonly dataFormat?: KerasName<DataFormat> | undefined;
}

/**
 * Puts zeros around volumes.
 *
 * Shape: `[batch, depth, height, width, channels]` to the same with the lengths that come of it, channels second with
 * `channelsFirst`.
 * Source: Keras `ZeroPadding3D`.
 *
 * @throws {InvalidConfigError} `padding` has other than integers of at least 0, or not for every side.
 */
export class ZeroPadding3D extends MarginLayer<ZeroPadding3DConfig> {
  static override readonly className = "ZeroPadding3D";
  static override readonly options: OptionNames<ZeroPadding3DConfig> = {
    padding: true,
    dataFormat: true,
    ...layerOptions,
  };

  constructor(config: ZeroPadding3DConfig = {}) {
    const owner = ZeroPadding3D.className;
    super(config, ({ padding = 1, dataFormat }) => ({
      margins: requireMargins(owner, "padding", padding, 3),
      dataFormat: requireDataFormat(owner, dataFormat),
    }));
  }

  protected override outputLength(length: number, [start, end]: Margin): number {
    return start + length + end;
  }

  override call(input: tf.Tensor): tf.Tensor {
    return padEnds(input, this.allMargins());
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), padding: this.margins, data_format: pythonName(this.dataFormat) };
  }

  static fromConfig(reader: ConfigReader): ZeroPadding3D {
    return new ZeroPadding3D({
      ...reader.base(),
      padding: readMargins(reader, "padding", 3),
      dataFormat: reader.word("data_format", ["channels_last", "channels_first"]),
    });
  }
}
