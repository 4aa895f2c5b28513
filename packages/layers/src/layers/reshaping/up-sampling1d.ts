import { Option, type Options, type Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { throughImages, upSample2d } from "@featuremap/operations";
import { readSpatialShape, writeSpatialShape } from "../../config/spatial.ts";

export interface UpSampling1DConfig extends LayerConfig {
  /** How many times each step appears. Default: 2. */
  readonly size?: number | undefined;
}

const declared = { size: Option.integer().default(2) };

/**
 * Repeats each step of rows.
 *
 * Shape: `[batch, steps, channels]` to `[batch, steps * size, channels]`. Source: Keras `UpSampling1D`.
 *
 * @throws {InvalidConfigError} `size` is not an integer of at least 1.
 */
export class UpSampling1D extends Layer<UpSampling1DConfig> {
  static override readonly className: string = "UpSampling1D";
  static override readonly options: Options<UpSampling1DConfig> = { ...declared, ...commonOptions };
  readonly size: number;

  constructor(config: UpSampling1DConfig = {}) {
    super(config);
    this.size = this.settle(declared).size;
  }

  override outputShape(input: Shape): Shape {
    const shape = readSpatialShape(this.name, input, "channelsLast", 1);
    const lengths = shape.lengths.map((length) => (length === null ? null : length * this.size));
    return writeSpatialShape({ ...shape, lengths }, "channelsLast");
  }

  override call(input: tf.Tensor): tf.Tensor {
    return throughImages(input, (images) => upSample2d(images, [1, this.size], "nearest"));
  }
}
