import type { Options, Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { KerasName } from "../../config/keras-object.ts";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { throughChannelsLast, upSample3d } from "@featuremap/operations";
import { dataFormatOption, lengthsOption } from "../../config/kinds.ts";
import type { DataFormat } from "../../config/options.ts";
import { type Lengths, type Size3D, readSpatialShape, writeSpatialShape } from "../../config/spatial.ts";

export interface UpSampling3DConfig extends LayerConfig {
  /** Factors of depth, height and width. Default: 2. */
  readonly size?: Size3D | undefined;
  readonly dataFormat?: KerasName<DataFormat> | undefined;
}

const declared = { size: lengthsOption(3).default(2), dataFormat: dataFormatOption() };

/**
 * Makes volumes larger by whole factors: each element is repeated.
 *
 * Shape: `[batch, depth, height, width, channels]` to the same with each length times its factor, channels second with
 * `channelsFirst`.
 * Source: Keras `UpSampling3D`.
 *
 * @throws {InvalidConfigError} `size` is not an integer of at least 1, or three of them.
 */
export class UpSampling3D extends Layer<UpSampling3DConfig> {
  static override readonly className: string = "UpSampling3D";
  static override readonly options: Options<UpSampling3DConfig> = { ...declared, ...commonOptions };
  readonly size: Lengths<3>;
  readonly dataFormat: DataFormat;

  constructor(config: UpSampling3DConfig = {}) {
    super(config);
    ({ size: this.size, dataFormat: this.dataFormat } = this.settle(declared));
  }

  override outputShape(input: Shape): Shape {
    const shape = readSpatialShape(this.name, input, this.dataFormat, 3);
    const lengths = shape.lengths.map((length, axis) => (length === null ? null : length * (this.size[axis] ?? 1)));
    return writeSpatialShape({ ...shape, lengths }, this.dataFormat);
  }

  override call(input: tf.Tensor): tf.Tensor {
    const enlarge = (volumes: tf.Tensor): tf.Tensor => upSample3d(volumes as tf.Tensor5D, this.size);
    return this.dataFormat === "channelsLast" ? enlarge(input) : throughChannelsLast(input, enlarge);
  }
}
