import type { Options } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import { globalAveragePool } from "@featuremap/operations";
import { GlobalPooling, type GlobalPoolingConfig, globalPoolingOptions } from "./global-pooling.ts";

/**
 * Mean of each channel.
 *
 * Shape: `[batch, steps, channels]` to `[batch, channels]`, or `[batch, 1, channels]` with `keepDims`.
 * Source: Lin, Chen and Yan, "Network in network", 2014; Keras `GlobalAveragePooling1D`.
 */
export class GlobalAveragePooling1D extends GlobalPooling {
  static override readonly className: string = "GlobalAveragePooling1D";
  static override readonly options: Options<GlobalPoolingConfig> = globalPoolingOptions;

  constructor(config: GlobalPoolingConfig = {}) {
    super(config, 1);
  }

  override get takesMask(): boolean {
    return true;
  }

  protected override pool(input: tf.Tensor, axes: readonly number[], keepDims: boolean): tf.Tensor {
    return globalAveragePool(input, axes, keepDims);
  }
}
