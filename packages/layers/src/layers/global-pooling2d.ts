import type { OptionNames, Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../config-reader.ts";
import { type KerasName, pythonName } from "../keras-object.ts";
import { type LayerConfig, layerOptions } from "../layer-config.ts";
import { Layer } from "../layer.ts";
import { type DataFormat, readImageShape, requireDataFormat, writeImageShape } from "./options.ts";

export interface GlobalPooling2DConfig extends LayerConfig {
  readonly dataFormat?: KerasName<DataFormat> | undefined;
  /** Whether height and width stay as axes of length 1; false unless said otherwise. */
  readonly keepDims?: boolean | undefined;
}

/** The names of these options. */
export const globalPoolingOptions: OptionNames<GlobalPooling2DConfig> = {
  ...layerOptions,
  dataFormat: true,
  keepDims: true,
};

/** Makes one number of each channel of each image. */
export abstract class GlobalPooling2D extends Layer<GlobalPooling2DConfig> {
  readonly dataFormat: DataFormat;
  readonly keepDims: boolean;

  constructor(config: GlobalPooling2DConfig = {}) {
    super(config);
    this.dataFormat = requireDataFormat(this.className, config.dataFormat);
    this.keepDims = config.keepDims ?? false;
  }

  /** Reduces the given axes. */
  protected abstract pool(images: tf.Tensor, axes: readonly [number, number], keepDims: boolean): tf.Tensor;

  protected override get buildsFromShape(): boolean {
    return false;
  }

  override outputShape(input: Shape): Shape {
    const image = readImageShape(this.name, input, this.dataFormat);
    if (!this.keepDims) return [image.batch, image.channels];
    return writeImageShape({ ...image, height: 1, width: 1 }, this.dataFormat);
  }

  override call(input: tf.Tensor): tf.Tensor {
    return this.pool(input, this.dataFormat === "channelsLast" ? [1, 2] : [2, 3], this.keepDims);
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), data_format: pythonName(this.dataFormat), keepdims: this.keepDims };
  }
}

/** The options of a global pooling layer in Keras's config. */
export function readGlobalPoolingConfig(reader: ConfigReader): GlobalPooling2DConfig {
  return {
    ...reader.base(),
    dataFormat: reader.word("data_format", ["channels_last", "channels_first"]),
    keepDims: reader.boolean("keepdims"),
  };
}
