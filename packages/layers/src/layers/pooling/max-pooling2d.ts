import type { Options } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { maxPool2d } from "@featuremap/operations";
import { type PoolWindow, Pooling, type PoolingConfig, poolingOptions } from "./pooling.ts";

/** As {@link PoolingConfig}; `poolSize` defaults to 2. */
export type MaxPooling2DConfig = Partial<PoolingConfig<2>>;

/**
 * Keeps the largest element under each position of a window, channel by channel.
 *
 * Shape: `[batch, height, width, channels]` to `[batch, height', width', channels]`.
 * Source: Keras `MaxPooling2D`.
 *
 * @throws {InvalidConfigError} `poolSize` or `strides` is not an integer of at least 1, or two of them.
 */
export class MaxPooling2D extends Pooling<2, MaxPooling2DConfig> {
  static override readonly className: string = "MaxPooling2D";
  static override readonly options: Options<MaxPooling2DConfig> = poolingOptions(2, 2);

  constructor(config: MaxPooling2DConfig = {}) {
    super(config, 2, 2);
  }

  protected override pool(input: tf.Tensor, window: PoolWindow<2>): tf.Tensor {
    return maxPool2d(input as tf.Tensor4D, window);
  }
}
