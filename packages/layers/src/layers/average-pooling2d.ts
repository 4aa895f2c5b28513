import type { OptionNames } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../config-reader.ts";
import { type PoolGeometry, averagePool2d } from "../operations/pool2d.ts";
import { Pooling2D, type Pooling2DConfig, poolingOptions, readPoolingConfig } from "./pooling2d.ts";

export type AveragePooling2DConfig = Pooling2DConfig;

/**
 * Means over a sliding window, channel by channel; zeros that `same` padding adds do not count.
 *
 * Shape: `[batch, height, width, channels]` to `[batch, height', width', channels]`.
 * Source: Keras `AveragePooling2D`.
 *
 * @throws {InvalidConfigError} `poolSize` or `strides` is no integer of at least 1, or two of them.
 */
export class AveragePooling2D extends Pooling2D<AveragePooling2DConfig> {
  static override readonly className = "AveragePooling2D";
  static override readonly options: OptionNames<AveragePooling2DConfig> = poolingOptions;

  protected override pool(images: tf.Tensor4D, geometry: PoolGeometry): tf.Tensor {
    return averagePool2d(images, geometry);
  }

  static fromConfig(reader: ConfigReader): AveragePooling2D {
    return new AveragePooling2D(readPoolingConfig(reader));
  }
}
