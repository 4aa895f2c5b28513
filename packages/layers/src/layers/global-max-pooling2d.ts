import type { OptionNames } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../config-reader.ts";
import { globalMaxPool2d } from "../operations/global-pool2d.ts";
import {
  GlobalPooling2D,
  type GlobalPooling2DConfig,
  globalPoolingOptions,
  readGlobalPoolingConfig,
} from "./global-pooling2d.ts";

/**
 * Largest element of each channel.
 *
 * Shape: `[batch, height, width, channels]` to `[batch, channels]`, or `[batch, 1, 1, channels]` with `keepDims`.
 * Source: Keras `GlobalMaxPooling2D`.
 */
export class GlobalMaxPooling2D extends GlobalPooling2D {
  static override readonly className = "GlobalMaxPooling2D";
  static override readonly options: OptionNames<GlobalPooling2DConfig> = globalPoolingOptions;

  protected override pool(images: tf.Tensor, axes: readonly [number, number], keepDims: boolean): tf.Tensor {
    return globalMaxPool2d(images, axes, keepDims);
  }

  static fromConfig(reader: ConfigReader): GlobalMaxPooling2D {
    return new GlobalMaxPooling2D(readGlobalPoolingConfig(reader));
  }
}
