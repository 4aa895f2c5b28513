import type { Options } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { asImageLengths, maxPool2d, throughImages } from "@featuremap/operations";
import { type PoolWindow, Pooling, type PoolingConfig, poolingOptions } from "./pooling.ts";

/** As {@link PoolingConfig}; `poolSize` defaults to 2. */
export type MaxPooling1DConfig = Partial<PoolingConfig<1>>;

/**
 * Keeps the largest element under each position of a window, channel by channel.
 *
 * Shape: `[batch, steps, channels]` to `[batch, steps', channels]`.
 * Source: Keras `MaxPooling1D`.
 *
 * @throws {InvalidConfigError} `poolSize` or `strides` is not an integer of at least 1.
 */
export class MaxPooling1D extends Pooling<1, MaxPooling1DConfig> {
  static override readonly className: string = "MaxPooling1D";
  static override readonly options: Options<MaxPooling1DConfig> = poolingOptions(1, 2);

  constructor(config: MaxPooling1DConfig = {}) {
    super(config, 1, 2);
  }

  protected override pool(input: tf.Tensor, window: PoolWindow<1>): tf.Tensor {
    const geometry = { size: asImageLengths(window.size), strides: asImageLengths(window.strides) };
    return throughImages(input, (images) => maxPool2d(images, { ...geometry, padding: window.padding }));
  }
}
