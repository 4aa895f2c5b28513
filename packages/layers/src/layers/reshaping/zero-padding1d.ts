import type { OptionNames } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../config/config-reader.ts";
import { type KerasName, pythonName } from "../../config/keras-object.ts";
import { type LayerConfig, layerOptions } from "../../layer/layer-config.ts";
import { padEnds } from "@featuremap/operations";
import { type Margin, MarginLayer, type Margins1D, readMargins, requireMargins } from "./margins.ts";
import { type DataFormat, requireDataFormat } from "../../config/options.ts";

export interface ZeroPadding1DConfig extends LayerConfig {
  /** Zeros at the start and at the end, or one number for both. Default: 1. */
  readonly padding?: Margins1D | undefined;
  readonly dataFormat?: KerasName<DataFormat> | undefined;
}

/**
 * Puts zeros before and after rows.
 *
 * Shape: `[batch, steps, channels]` to `[batch, start + steps + end, channels]`, channels second with `channelsFirst`.
 * Source: Keras `ZeroPadding1D`.
 *
 * @throws {InvalidConfigError} `padding` is not an integer of at least 0, or two of them.
 */
export class ZeroPadding1D extends MarginLayer<ZeroPadding1DConfig> {
  static override readonly className = "ZeroPadding1D";
  static override readonly options: OptionNames<ZeroPadding1DConfig> = {
    padding: true,
    dataFormat: true,
    ...layerOptions,
  };

  constructor(config: ZeroPadding1DConfig = {}) {
    const owner = ZeroPadding1D.className;
    super(config, ({ padding = 1, dataFormat }) => ({
      margins: requireMargins(owner, "padding", padding, 1),
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
    return { ...super.getConfig(), padding: this.margins[0], data_format: pythonName(this.dataFormat) };
  }

  static fromConfig(reader: ConfigReader): ZeroPadding1D {
    return new ZeroPadding1D({
      ...reader.base(),
      padding: readMargins(reader, "padding", 1),
      dataFormat: reader.word("data_format", ["channels_last", "channels_first"]),
    });
  }
}
