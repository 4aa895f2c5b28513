import type { Options } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { asImageLengths, averagePool2d, throughImages } from "@featuremap/operations";
import { type PoolWindow, Pooling, type PoolingConfig, poolingOptions } from "./pooling.ts";

export type AveragePooling1DConfig = PoolingConfig<1>;

/**
 * Means over a sliding window, channel by channel; zeros that `same` padding adds do not count.
 *
 * Shape: `[batch, steps, channels]` to `[batch, steps', channels]`.
 * Source: Keras `AveragePooling1D`.
 *
 * @throws {InvalidConfigError} `poolSize` or `strides` is not an integer of at least 1.
 */
export class AveragePooling1D extends Pooling<1, AveragePooling1DConfig> {
  static override readonly className: string = "AveragePooling1D";
  static override readonly options: Options<AveragePooling1DConfig> = poolingOptions(1);

  constructor(config: AveragePooling1DConfig) {
    super(config, 1);
  }

  protected override pool(input: tf.Tensor, window: PoolWindow<1>): tf.Tensor {
    const geometry = { size: asImageLengths(window.size), strides: asImageLengths(window.strides) };
    return throughImages(input, (images) => averagePool2d(images, { ...geometry, padding: window.padding }));
  }
}
