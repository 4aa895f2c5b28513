import type { OptionNames } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../config/config-reader.ts";
import { type KerasName, pythonName } from "../../config/keras-object.ts";
import { type LayerConfig, layerOptions } from "../../layer/layer-config.ts";
import { padEnds } from "@featuremap/operations";
import { type Margin, MarginLayer, type Margins2D, readMargins, requireMargins } from "./margins.ts";
import { type DataFormat, requireDataFormat } from "../../config/options.ts";

export interface ZeroPadding2DConfig extends LayerConfig {
  /** Zeros on all sides, `[vertical, horizontal]` or `[[top, bottom], [left, right]]`. Default: 1. */
  readonly padding?: Margins2D | undefined;
  readonly dataFormat?: KerasName<DataFormat> | undefined;
}

/**
 * Puts zeros around images.
 *
 * Shape: `[batch, height, width, channels]` to `[batch, top + height + bottom, left + width + right, channels]`, channels
 * second with `channelsFirst`.
 * Source: Keras `ZeroPadding2D`.
 *
 * @throws {InvalidConfigError} `padding` has other than integers of at least 0, or not for every side.
 */
export class ZeroPadding2D extends MarginLayer<ZeroPadding2DConfig> {
  static override readonly className = "ZeroPadding2D";
  static override readonly options: OptionNames<ZeroPadding2DConfig> = {
    padding: true,
    dataFormat: true,
    ...layerOptions,
  };

  constructor(config: ZeroPadding2DConfig = {}) {
    const owner = ZeroPadding2D.className;
    super(config, ({ padding = 1, dataFormat }) => ({
      margins: requireMargins(owner, "padding", padding, 2),
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

  static fromConfig(reader: ConfigReader): ZeroPadding2D {
    return new ZeroPadding2D({
      ...reader.base(),
      padding: readMargins(reader, "padding", 2),
      dataFormat: reader.word("data_format", ["channels_last", "channels_first"]),
    });
  }
}
