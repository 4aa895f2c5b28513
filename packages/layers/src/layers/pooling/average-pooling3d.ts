import type { Options } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { averagePool3d } from "@featuremap/operations";
import { type PoolWindow, Pooling, type PoolingConfig, poolingOptions } from "./pooling.ts";

export type AveragePooling3DConfig = PoolingConfig<3>;

/**
 * Means over a sliding window, channel by channel; zeros that `same` padding adds do not count.
 *
 * Shape: `[batch, depth, height, width, channels]` to `[batch, depth', height', width', channels]`.
 * Source: Keras `AveragePooling3D`.
 *
 * @throws {InvalidConfigError} `poolSize` or `strides` is not an integer of at least 1, or three of them.
 */
export class AveragePooling3D extends Pooling<3, AveragePooling3DConfig> {
  static override readonly className: string = "AveragePooling3D";
  static override readonly options: Options<AveragePooling3DConfig> = poolingOptions(3);

  constructor(config: AveragePooling3DConfig) {
    super(config, 3);
  }

  protected override pool(input: tf.Tensor, window: PoolWindow<3>): tf.Tensor {
    return averagePool3d(input as tf.Tensor5D, window);
  }
}
