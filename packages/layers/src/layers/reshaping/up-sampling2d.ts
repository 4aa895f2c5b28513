import { Option, type Options, type Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { KerasName } from "../../config/keras-object.ts";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";
import {
  resizingWork,
  throughChannelsLast,
  type InnerWork,
  type UpSamplingInterpolation,
  upSample2d,
} from "@featuremap/operations";
import { dataFormatOption, lengthsOption } from "../../config/kinds.ts";
import { type DataFormat, type Size2D, readImageShape } from "../../config/options.ts";
import { readSpatialShape, writeSpatialShape } from "../../config/spatial.ts";

export interface UpSampling2DConfig extends LayerConfig {
  /** Factors of height and width. Default: 2. */
  readonly size?: Size2D | undefined;
  readonly dataFormat?: KerasName<DataFormat> | undefined;
  /** How the pixels in between are made. Default: `nearest`, which repeats each pixel. */
  readonly interpolation?: UpSamplingInterpolation | undefined;
}

const interpolations: readonly UpSamplingInterpolation[] = ["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"];

const declared = {
  size: lengthsOption(2).default(2),
  dataFormat: dataFormatOption(),
  interpolation: Option.word(interpolations, `one of ${interpolations.join(", ")}`, { refusesNull: false }).default(
    "nearest",
  ),
};

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
  static override readonly className: string = "UpSampling2D";
  static override readonly options: Options<UpSampling2DConfig> = { ...declared, ...commonOptions };
  readonly size: readonly [number, number];
  readonly dataFormat: DataFormat;
  readonly interpolation: UpSamplingInterpolation;

  constructor(config: UpSampling2DConfig = {}) {
    super(config);
    ({ size: this.size, dataFormat: this.dataFormat, interpolation: this.interpolation } = this.settle(declared));
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
}
