import type { Options } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { globalMaxPool } from "@featuremap/operations";
import { GlobalPooling, type GlobalPoolingConfig, globalPoolingOptions } from "./global-pooling.ts";

/**
 * Largest element of each channel.
 *
 * Shape: `[batch, steps, channels]` to `[batch, channels]`, or `[batch, 1, channels]` with `keepDims`.
 * Source: Keras `GlobalMaxPooling1D`.
 */
export class GlobalMaxPooling1D extends GlobalPooling {
  static override readonly className: string = "GlobalMaxPooling1D";
  static override readonly options: Options<GlobalPoolingConfig> = globalPoolingOptions;

  constructor(config: GlobalPoolingConfig = {}) {
    super(config, 1);
  }

  protected override pool(input: tf.Tensor, axes: readonly number[], keepDims: boolean): tf.Tensor {
    return globalMaxPool(input, axes, keepDims);
  }
}
