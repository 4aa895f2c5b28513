import type { OptionNames, Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../config/config-reader.ts";
import { type KerasName, pythonName } from "../../config/keras-object.ts";
import { type LayerConfig, layerOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { type DataFormat, requireDataFormat } from "../../config/options.ts";

export interface FlattenConfig extends LayerConfig {
  /** With `channelsFirst`, channels are put last before flattening, so that weights fit either format. */
  readonly dataFormat?: KerasName<DataFormat> | undefined;
}

/**
 * Makes one row of each input.
 *
 * Shape: `[batch, ...]` to `[batch, product of the rest]`, unknown where a length is.
 * Source: Keras `Flatten`.
 */
export class Flatten extends Layer<FlattenConfig> {
  static override readonly className = "Flatten";
  static override readonly options: OptionNames<FlattenConfig> = { dataFormat: true, ...layerOptions };
  readonly dataFormat: DataFormat;

  constructor(config: FlattenConfig = {}) {
    super(config);
    this.dataFormat = requireDataFormat("Flatten", config.dataFormat);
  }

  override outputShape(input: Shape): Shape {
    const [batch = null, ...rest] = input;
    const length = rest.reduce<number | null>(
      (product, axis) => (product === null || axis === null ? null : product * axis),
      1,
    );
    return [batch, length];
  }

  override call(input: tf.Tensor): tf.Tensor {
    const [batch = 1, ...rest] = input.shape;
    const length = rest.reduce((product, axis) => product * axis, 1);
    if (this.dataFormat === "channelsLast" || input.rank < 3) return tf.reshape(input, [batch, length]);
    const spatial = Array.from({ length: input.rank - 2 }, (_, axis) => axis + 2);
    return tf.reshape(tf.transpose(input, [0, ...spatial, 1]), [batch, length]);
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), data_format: pythonName(this.dataFormat) };
  }

  static fromConfig(reader: ConfigReader): Flatten {
    return new Flatten({
      ...reader.base(),
      dataFormat: reader.word("data_format", ["channels_last", "channels_first"]),
    });
  }
}
