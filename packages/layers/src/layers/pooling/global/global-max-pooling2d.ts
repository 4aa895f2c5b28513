import type { Options } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { globalMaxPool } from "@featuremap/operations";
import { GlobalPooling, type GlobalPoolingConfig, globalPoolingOptions } from "./global-pooling.ts";

/**
 * Largest element of each channel.
 *
 * Shape: `[batch, height, width, channels]` to `[batch, channels]`, or `[batch, 1, 1, channels]` with `keepDims`.
 * Source: Keras `GlobalMaxPooling2D`.
 */
export class GlobalMaxPooling2D extends GlobalPooling {
  static override readonly className: string = "GlobalMaxPooling2D";
  static override readonly options: Options<GlobalPoolingConfig> = globalPoolingOptions;

  constructor(config: GlobalPoolingConfig = {}) {
    super(config, 2);
  }

  protected override pool(input: tf.Tensor, axes: readonly number[], keepDims: boolean): tf.Tensor {
    return globalMaxPool(input, axes, keepDims);
  }
}
