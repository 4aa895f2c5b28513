import type { OptionNames, Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../config/config-reader.ts";
import { type LayerConfig, layerOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { throughImages, upSample2d } from "@featuremap/operations";
import { requirePositiveInteger } from "../../config/options.ts";
import { readSpatialShape, writeSpatialShape } from "../../config/spatial.ts";

export interface UpSampling1DConfig extends LayerConfig {
  /** How often each step comes. Default: 2. */
  readonly size?: number | undefined;
}

/**
 * Repeats each step of rows.
 *
 * Shape: `[batch, steps, channels]` to `[batch, steps * size, channels]`. Source: Keras `UpSampling1D`.
 *
 * @throws {InvalidConfigError} `size` is not an integer of at least 1.
 */
export class UpSampling1D extends Layer<UpSampling1DConfig> {
  static override readonly className = "UpSampling1D";
  static override readonly options: OptionNames<UpSampling1DConfig> = { size: true, ...layerOptions };
  readonly size: number;

  constructor(config: UpSampling1DConfig = {}) {
    super(config);
    this.size = requirePositiveInteger("UpSampling1D", "size", config.size ?? 2);
  }

  override outputShape(input: Shape): Shape {
    const shape = readSpatialShape(this.name, input, "channelsLast", 1);
    const lengths = shape.lengths.map((length) => (length === null ? null : length * this.size));
    return writeSpatialShape({ ...shape, lengths }, "channelsLast");
  }

  override call(input: tf.Tensor): tf.Tensor {
    return throughImages(input, (images) => upSample2d(images, [1, this.size], "nearest"));
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), size: this.size };
  }

  static fromConfig(reader: ConfigReader): UpSampling1D {
    return new UpSampling1D({ ...reader.base(), size: reader.number("size") });
  }
}
