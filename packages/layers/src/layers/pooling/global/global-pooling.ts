import type { OptionNames, Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../../config/config-reader.ts";
import { type KerasName, pythonName } from "../../../config/keras-object.ts";
import { type LayerConfig, layerOptions } from "../../../layer/layer-config.ts";
import { Layer } from "../../../layer/layer.ts";
import { type DataFormat, requireDataFormat, requireBoolean } from "../../../config/options.ts";
import { type SpatialRank, readSpatialShape, writeSpatialShape } from "../../../config/spatial.ts";

/** What global pooling layers take. */
export interface GlobalPoolingConfig extends LayerConfig {
  readonly dataFormat?: KerasName<DataFormat> | undefined;
  /** Whether the spatial axes stay as axes of length 1; false unless said otherwise. */
  readonly keepDims?: boolean | undefined;
}

/** The names of these options. */
export const globalPoolingOptions: OptionNames<GlobalPoolingConfig> = {
  dataFormat: true,
  keepDims: true,
  ...layerOptions,
};

/** Makes one number of each channel of each element of a batch. */
export abstract class GlobalPooling extends Layer<GlobalPoolingConfig> {
  readonly dataFormat: DataFormat;
  readonly keepDims: boolean;
  readonly #rank: SpatialRank;

  constructor(config: GlobalPoolingConfig, rank: SpatialRank) {
    super(config);
    this.#rank = rank;
    this.dataFormat = requireDataFormat(this.className, config.dataFormat);
    this.keepDims = requireBoolean(this.className, "keepDims", config.keepDims, false);
  }

  /** Reduces the given axes. */
  protected abstract pool(input: tf.Tensor, axes: readonly number[], keepDims: boolean): tf.Tensor;

  protected override get buildsFromShape(): boolean {
    return false;
  }

  override outputShape(input: Shape): Shape {
    const shape = readSpatialShape(this.name, input, this.dataFormat, this.#rank);
    if (!this.keepDims) return [shape.batch, shape.channels];
    return writeSpatialShape({ ...shape, lengths: shape.lengths.map(() => 1) }, this.dataFormat);
  }

  override call(input: tf.Tensor): tf.Tensor {
    const first = this.dataFormat === "channelsLast" ? 1 : 2;
    const axes = Array.from({ length: this.#rank }, (_, index) => first + index);
    return this.pool(input, axes, this.keepDims);
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), data_format: pythonName(this.dataFormat), keepdims: this.keepDims };
  }
}

/** The options of a global pooling layer in Keras's config. */
export function readGlobalPoolingConfig(reader: ConfigReader): GlobalPoolingConfig {
  return {
    ...reader.base(),
    dataFormat: reader.word("data_format", ["channels_last", "channels_first"]),
    keepDims: reader.boolean("keepdims"),
  };
}
