import type { OptionNames } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../config-reader.ts";
import { type PoolGeometry, maxPool2d } from "../operations/pool2d.ts";
import { Pooling2D, type Pooling2DConfig, poolingOptions, readPoolingConfig } from "./pooling2d.ts";

/** As {@link Pooling2DConfig}; `poolSize` is 2 unless said otherwise. */
export type MaxPooling2DConfig = Partial<Pooling2DConfig>;

/**
 * Keeps the largest element under each position of a window, channel by channel.
 *
 * Shape: `[batch, height, width, channels]` to `[batch, height', width', channels]`.
 * Source: Keras `MaxPooling2D`.
 *
 * @throws {InvalidConfigError} `poolSize` or `strides` is no integer of at least 1, or two of them.
 */
export class MaxPooling2D extends Pooling2D<MaxPooling2DConfig> {
  static override readonly className = "MaxPooling2D";
  static override readonly options: OptionNames<MaxPooling2DConfig> = poolingOptions;

  constructor(config: MaxPooling2DConfig = {}) {
    super(config, 2);
  }

  protected override pool(images: tf.Tensor4D, geometry: PoolGeometry): tf.Tensor {
    return maxPool2d(images, geometry);
  }

  static fromConfig(reader: ConfigReader): MaxPooling2D {
    return new MaxPooling2D(readPoolingConfig(reader));
  }
}
