import { type Options, type Shape, Option } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { KerasName } from "../../../config/keras-object.ts";
import { type LayerConfig, commonOptions } from "../../../layer/layer-config.ts";
import { Layer } from "../../../layer/layer.ts";
import { dataFormatOption } from "../../../config/kinds.ts";
import type { DataFormat } from "../../../config/options.ts";
import { type SpatialRank, readSpatialShape, writeSpatialShape } from "../../../config/spatial.ts";

/** What global pooling layers take. */
export interface GlobalPoolingConfig extends LayerConfig {
  readonly dataFormat?: KerasName<DataFormat> | undefined;
  /** Whether the spatial axes stay as axes of length 1. Default: false. */
  readonly keepDims?: boolean | undefined;
}

const declared = { dataFormat: dataFormatOption(), keepDims: Option.flag().default(false).savedAs("keepdims") };

/** These options. */
export const globalPoolingOptions: Options<GlobalPoolingConfig> = { ...declared, ...commonOptions };

/** Reduces each channel of each element of a batch to one number. */
export abstract class GlobalPooling extends Layer<GlobalPoolingConfig> {
  readonly dataFormat: DataFormat;
  readonly keepDims: boolean;
  readonly #rank: SpatialRank;

  constructor(config: GlobalPoolingConfig, rank: SpatialRank) {
    super(config);
    this.#rank = rank;
    ({ dataFormat: this.dataFormat, keepDims: this.keepDims } = this.settle(declared));
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
}
