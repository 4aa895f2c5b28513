import { InvalidConfigError, type OptionNames, type Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../config/config-reader.ts";
import { type KerasName, pythonName } from "../../config/keras-object.ts";
import { type LayerConfig, layerOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import {
  resizingWork,
  throughChannelsLast,
  type InnerWork,
  type UpSamplingInterpolation,
  upSample2d,
} from "@featuremap/operations";
import { type DataFormat, type Size2D, readImageShape, requireDataFormat } from "../../config/options.ts";
import { readSpatialShape, requireLengths, writeSpatialShape } from "../../config/spatial.ts";

export interface UpSampling2DConfig extends LayerConfig {
  /** Factors of height and width. Default: 2. */
  readonly size?: Size2D | undefined;
  readonly dataFormat?: KerasName<DataFormat> | undefined;
  /** How pixels between pixels come about. Default: `nearest` (each is repeated). */
  readonly interpolation?: UpSamplingInterpolation | undefined;
}

const interpolations: readonly UpSamplingInterpolation[] = ["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"];

/**
 * Makes images larger by whole factors.
 *
 * Shape: `[batch, height, width, channels]` to `[batch, height * size, width * size, channels]`, channels second with
 * `channelsFirst`.
 * Source: Keras `UpSampling2D`.
 *
 * @throws {InvalidConfigError} an option is out of range.
 */
export class UpSampling2D extends Layer<UpSampling2DConfig> {
  static override readonly className = "UpSampling2D";
  static override readonly options: OptionNames<UpSampling2DConfig> = {
    size: true,
    dataFormat: true,
    interpolation: true,
    ...layerOptions,
  };
  readonly size: readonly [number, number];
  readonly dataFormat: DataFormat;
  readonly interpolation: UpSamplingInterpolation;

  constructor(config: UpSampling2DConfig = {}) {
    super(config);
    this.size = requireLengths("UpSampling2D", "size", config.size ?? 2, 2);
    this.dataFormat = requireDataFormat("UpSampling2D", config.dataFormat);
    this.interpolation = config.interpolation ?? "nearest";
    if (!interpolations.includes(this.interpolation)) {
      const expected = `one of ${interpolations.join(", ")}`;
      throw new InvalidConfigError("UpSampling2D", "interpolation", expected, config.interpolation);
    }
  }

  override outputShape(input: Shape): Shape {
    const shape = readSpatialShape(this.name, input, this.dataFormat, 2);
    const lengths = shape.lengths.map((length, axis) => (length === null ? null : length * (this.size[axis] ?? 1)));
    return writeSpatialShape({ ...shape, lengths }, this.dataFormat);
  }

  protected override innerWork([input = []]: readonly Shape[]): InnerWork {
    const { batch, height, width, channels } = readImageShape(this.name, input, this.dataFormat);
    const [rows, columns] = this.size;
    const size = [(height ?? 1) * rows, (width ?? 1) * columns] as const;
    return resizingWork([batch, height, width, channels], size, this.interpolation);
  }

  override call(input: tf.Tensor): tf.Tensor {
    const enlarge = (images: tf.Tensor): tf.Tensor => upSample2d(images as tf.Tensor4D, this.size, this.interpolation);
    return this.dataFormat === "channelsLast" ? enlarge(input) : throughChannelsLast(input, enlarge);
  }

  override getConfig(): Record<string, unknown> {
    return {
      ...super.getConfig(),
      size: this.size,
      data_format: pythonName(this.dataFormat),
      interpolation: this.interpolation,
    };
  }

  static fromConfig(reader: ConfigReader): UpSampling2D {
    return new UpSampling2D({
      ...reader.base(),
      size: reader.size("size", 2),
      dataFormat: reader.word("data_format", ["channels_last", "channels_first"]),
      interpolation: reader.word("interpolation", interpolations),
    });
  }
}
