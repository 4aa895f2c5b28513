import type { Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type KerasName, pythonName } from "../../config/keras-object.ts";
import type { LayerConfig } from "../../layer/layer-config.ts";
import { type CallContext, Layer } from "../../layer/layer.ts";
import { throughChannelsLast } from "@featuremap/operations";
import {
  type DataFormat,
  type ImageShape,
  readImageShape,
  requireDataFormat,
  writeImageShape,
} from "../../config/options.ts";

export interface ImageLayerConfig extends LayerConfig {
  /** Where the channels axis is. Default: `channelsLast`. */
  readonly dataFormat?: KerasName<DataFormat> | undefined;
}

/** A layer whose input and output are images, in either data format; a single one may come without a batch, as in Keras. */
export abstract class ImageLayer<Config extends ImageLayerConfig> extends Layer<Config> {
  readonly dataFormat: DataFormat;

  constructor(config: Config) {
    super(config);
    this.dataFormat = requireDataFormat(this.className, config.dataFormat);
  }

  override outputShape(input: Shape): Shape {
    if (input.length === 3) return this.outputShape([1, ...input]).slice(1);
    const images = readImageShape(this.name, input, this.dataFormat);
    return writeImageShape(this.outputImageShape(images), this.dataFormat);
  }

  /** The four lengths of the output. */
  protected outputImageShape(input: ImageShape): ImageShape {
    return input;
  }

  override call(input: tf.Tensor, context: CallContext): tf.Tensor {
    if (input.rank === 3) return tf.squeeze(this.call(tf.expandDims(input), context), [0]);
    readImageShape(this.name, input.shape, this.dataFormat);
    return this.inFormat(input, (images) => this.process(images, context));
  }

  /** What becomes of `[batch, height, width, channels]`. */
  protected abstract process(images: tf.Tensor, context: CallContext): tf.Tensor;

  /** Runs an operation that wants the channels last. */
  protected inFormat(input: tf.Tensor, operation: (images: tf.Tensor) => tf.Tensor): tf.Tensor {
    return this.dataFormat === "channelsLast" ? operation(input) : throughChannelsLast(input, operation);
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), data_format: pythonName(this.dataFormat) };
  }
}
