import type { OptionNames } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../config-reader.ts";
import { globalAveragePool2d } from "../operations/global-pool2d.ts";
import {
  GlobalPooling2D,
  type GlobalPooling2DConfig,
  globalPoolingOptions,
  readGlobalPoolingConfig,
} from "./global-pooling2d.ts";

/**
 * Mean of each channel.
 *
 * Shape: `[batch, height, width, channels]` to `[batch, channels]`, or `[batch, 1, 1, channels]` with `keepDims`.
 * Source: Lin, Chen and Yan, "Network in network", 2014; Keras `GlobalAveragePooling2D`.
 */
export class GlobalAveragePooling2D extends GlobalPooling2D {
  static override readonly className = "GlobalAveragePooling2D";
  static override readonly options: OptionNames<GlobalPooling2DConfig> = globalPoolingOptions;

  protected override pool(images: tf.Tensor, axes: readonly [number, number], keepDims: boolean): tf.Tensor {
    return globalAveragePool2d(images, axes, keepDims);
  }

  static fromConfig(reader: ConfigReader): GlobalAveragePooling2D {
    return new GlobalAveragePooling2D(readGlobalPoolingConfig(reader));
  }
}
