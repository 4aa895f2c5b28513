import type { OptionNames } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../config/config-reader.ts";
import { averagePool3d } from "@featuremap/operations";
import { type PoolWindow, Pooling, type PoolingConfig, poolingOptions, readPoolingConfig } from "./pooling.ts";

export type AveragePooling3DConfig = PoolingConfig<3>;

/**
 * Means over a sliding window, channel by channel; zeros that `same` padding adds do not count.
 *
 * Shape: `[batch, depth, height, width, channels]` to `[batch, depth', height', width', channels]`.
 * Source: Keras `AveragePooling3D`.
 *
 * @throws {InvalidConfigError} `poolSize` or `strides` is no integer of at least 1, or three of them.
 */
export class AveragePooling3D extends Pooling<3, AveragePooling3DConfig> {
  static override readonly className = "AveragePooling3D";
  static override readonly options: OptionNames<AveragePooling3DConfig> = poolingOptions;

  constructor(config: AveragePooling3DConfig) {
    super(config, 3);
  }

  protected override pool(input: tf.Tensor, window: PoolWindow<3>): tf.Tensor {
    return averagePool3d(input as tf.Tensor5D, window);
  }

  static fromConfig(reader: ConfigReader): AveragePooling3D {
    return new AveragePooling3D(readPoolingConfig(reader, 3));
  }
}
