import type { OptionNames, Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../config/config-reader.ts";
import { type KerasName, pythonName } from "../../config/keras-object.ts";
import { type LayerConfig, layerOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import { throughChannelsLast, upSample3d } from "@featuremap/operations";
import { type DataFormat, requireDataFormat } from "../../config/options.ts";
import {
  type Lengths,
  type Size3D,
  readSpatialShape,
  requireLengths,
  writeSpatialShape,
} from "../../config/spatial.ts";

export interface UpSampling3DConfig extends LayerConfig {
  /** Factors of depth, height and width. Default: 2. */
  readonly size?: Size3D | undefined;
  readonly dataFormat?: KerasName<DataFormat> | undefined;
}

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
  static override readonly className = "UpSampling3D";
  static override readonly options: OptionNames<UpSampling3DConfig> = { size: true, dataFormat: true, ...layerOptions };
  readonly size: Lengths<3>;
  readonly dataFormat: DataFormat;

  constructor(config: UpSampling3DConfig = {}) {
    super(config);
    this.size = requireLengths("UpSampling3D", "size", config.size ?? 2, 3);
    this.dataFormat = requireDataFormat("UpSampling3D", config.dataFormat);
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

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), size: this.size, data_format: pythonName(this.dataFormat) };
  }

  static fromConfig(reader: ConfigReader): UpSampling3D {
    return new UpSampling3D({
      ...reader.base(),
      size: reader.size("size", 3),
      dataFormat: reader.word("data_format", ["channels_last", "channels_first"]),
    });
  }
}
