import type { Options } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { averagePool2d } from "@featuremap/operations";
import { type PoolWindow, Pooling, type PoolingConfig, poolingOptions } from "./pooling.ts";

export type AveragePooling2DConfig = PoolingConfig<2>;

/**
 * Means over a sliding window, channel by channel; zeros that `same` padding adds do not count.
 *
 * Shape: `[batch, height, width, channels]` to `[batch, height', width', channels]`.
 * Source: Keras `AveragePooling2D`.
 *
 * @throws {InvalidConfigError} `poolSize` or `strides` is not an integer of at least 1, or two of them.
 */
export class AveragePooling2D extends Pooling<2, AveragePooling2DConfig> {
  static override readonly className: string = "AveragePooling2D";
  static override readonly options: Options<AveragePooling2DConfig> = poolingOptions(2);

  constructor(config: AveragePooling2DConfig) {
    super(config, 2);
  }

  protected override pool(input: tf.Tensor, window: PoolWindow<2>): tf.Tensor {
    return averagePool2d(input as tf.Tensor4D, window);
  }
}
