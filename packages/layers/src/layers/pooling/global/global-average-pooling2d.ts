import type { Options } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { globalAveragePool } from "@featuremap/operations";
import { GlobalPooling, type GlobalPoolingConfig, globalPoolingOptions } from "./global-pooling.ts";

/**
 * Mean of each channel.
 *
 * Shape: `[batch, height, width, channels]` to `[batch, channels]`, or `[batch, 1, 1, channels]` with `keepDims`.
 * Source: Lin, Chen and Yan, "Network in network", 2014; Keras `GlobalAveragePooling2D`.
 */
export class GlobalAveragePooling2D extends GlobalPooling {
  static override readonly className: string = "GlobalAveragePooling2D";
  static override readonly options: Options<GlobalPoolingConfig> = globalPoolingOptions;

  constructor(config: GlobalPoolingConfig = {}) {
    super(config, 2);
  }

  protected override pool(input: tf.Tensor, axes: readonly number[], keepDims: boolean): tf.Tensor {
    return globalAveragePool(input, axes, keepDims);
  }
}
