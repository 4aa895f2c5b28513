import type { Options } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { maxPool3d } from "@featuremap/operations";
import { type PoolWindow, Pooling, type PoolingConfig, poolingOptions } from "./pooling.ts";

/** As {@link PoolingConfig}; `poolSize` defaults to 2. */
export type MaxPooling3DConfig = Partial<PoolingConfig<3>>;

/**
 * Keeps the largest element under each position of a window, channel by channel.
 *
 * Shape: `[batch, depth, height, width, channels]` to `[batch, depth', height', width', channels]`.
 * Source: Keras `MaxPooling3D`.
 *
 * @throws {InvalidConfigError} `poolSize` or `strides` is not an integer of at least 1, or three of them.
 */
export class MaxPooling3D extends Pooling<3, MaxPooling3DConfig> {
  static override readonly className: string = "MaxPooling3D";
  static override readonly options: Options<MaxPooling3DConfig> = poolingOptions(3, 2);

  constructor(config: MaxPooling3DConfig = {}) {
    super(config, 3, 2);
  }

  protected override pool(input: tf.Tensor, window: PoolWindow<3>): tf.Tensor {
    return maxPool3d(input as tf.Tensor5D, window);
  }
}
