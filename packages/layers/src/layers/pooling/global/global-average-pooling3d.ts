import type { Options } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { globalAveragePool } from "@featuremap/operations";
import { GlobalPooling, type GlobalPoolingConfig, globalPoolingOptions } from "./global-pooling.ts";

/**
 * Mean of each channel.
 *
 * Shape: `[batch, depth, height, width, channels]` to `[batch, channels]`, or `[batch, 1, 1, 1, channels]` with `keepDims`.
 * Source: Lin, Chen and Yan, "Network in network", 2014; Keras `GlobalAveragePooling3D`.
 */
export class GlobalAveragePooling3D extends GlobalPooling {
  static override readonly className: string = "GlobalAveragePooling3D";
  static override readonly options: Options<GlobalPoolingConfig> = globalPoolingOptions;

  constructor(config: GlobalPoolingConfig = {}) {
    super(config, 3);
  }

  protected override pool(input: tf.Tensor, axes: readonly number[], keepDims: boolean): tf.Tensor {
    return globalAveragePool(input, axes, keepDims);
  }
}
