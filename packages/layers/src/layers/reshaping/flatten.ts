import type { Options, Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { KerasName } from "../../config/keras-object.ts";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { dataFormatOption } from "../../config/kinds.ts";
import type { DataFormat } from "../../config/options.ts";

export interface FlattenConfig extends LayerConfig {
  /** With `channelsFirst`, channels are put last before flattening, so that weights fit either format. */
  readonly dataFormat?: KerasName<DataFormat> | undefined;
}

const declared = { dataFormat: dataFormatOption() };

/**
 * Flattens each input to one row.
 *
 * Shape: `[batch, ...]` to `[batch, product of the rest]`, unknown where a length is.
 * Source: Keras `Flatten`.
 */
export class Flatten extends Layer<FlattenConfig> {
  static override readonly className: string = "Flatten";
  static override readonly options: Options<FlattenConfig> = { ...declared, ...commonOptions };
  readonly dataFormat: DataFormat;

  constructor(config: FlattenConfig = {}) {
    super(config);
    this.dataFormat = this.settle(declared).dataFormat;
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
}
