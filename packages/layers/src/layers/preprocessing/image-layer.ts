import type { Options, Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { throughChannelsLast } from "@featuremap/operations";
import type { KerasName } from "../../config/keras-object.ts";
import { dataFormatOption } from "../../config/kinds.ts";
import { type DataFormat, type ImageShape, readImageShape, writeImageShape } from "../../config/options.ts";
import { type LayerConfig, commonOptions } from "../../layer/layer-config.ts";
import { type CallContext, Layer } from "../../layer/layer.ts";

export interface ImageLayerConfig extends LayerConfig {
  /** Where the channels axis is. Default: `channelsLast`. */
  readonly dataFormat?: KerasName<DataFormat> | undefined;
}

const declared = { dataFormat: dataFormatOption() };

/** These options. */
export const imageOptions: Options<ImageLayerConfig> = { ...declared, ...commonOptions };

/** A layer from images to images, in either data format. As in Keras, a single image may come without the batch axis. */
export abstract class ImageLayer<Config extends ImageLayerConfig> extends Layer<Config> {
  readonly dataFormat: DataFormat;

  constructor(config: Config) {
    super(config);
    ({ dataFormat: this.dataFormat } = this.settle(declared));
  }

  override usualTraining(_inputs: number): boolean | null {
    return true;
  }

  override outputShape(input: Shape): Shape {
    if (input.length === 3) return this.outputShape([1, ...input]).slice(1);
    const images = readImageShape(this.name, input, this.dataFormat);
    return writeImageShape(this.outputImageShape(images), this.dataFormat);
  }

  /** Batch, height, width and channels of the output. */
  protected outputImageShape(input: ImageShape): ImageShape {
    return input;
  }

  override call(input: tf.Tensor, context: CallContext): tf.Tensor {
    if (input.rank === 3) return tf.squeeze(this.call(tf.expandDims(input), context), [0]);
    readImageShape(this.name, input.shape, this.dataFormat);
    return this.inFormat(input, (images) => this.process(images, context));
  }

  /** The output for images of shape `[batch, height, width, channels]`. */
  protected abstract process(images: tf.Tensor, context: CallContext): tf.Tensor;

  /** Runs an operation that needs the channels last. */
  protected inFormat(input: tf.Tensor, operation: (images: tf.Tensor) => tf.Tensor): tf.Tensor {
    return this.dataFormat === "channelsLast" ? operation(input) : throughChannelsLast(input, operation);
  }
}
