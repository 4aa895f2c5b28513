import type { OptionNames } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../config/config-reader.ts";
import { layerOptions } from "../../layer/layer-config.ts";
import { cropToProportions, resizeImages } from "@featuremap/operations";
import { readLayerConfig } from "../../layer/reading/read-config.ts";
import { ImageLayer, type ImageLayerConfig } from "./image-layer.ts";
import { type ImageShape, requirePositiveInteger } from "../../config/options.ts";

export interface CenterCropConfig extends ImageLayerConfig {
  /** Height of the part. */
  readonly height: number;
  /** Width of the part. */
  readonly width: number;
}

/**
 * Cuts the middle out of images.
 *
 * Where an image is too small, the largest middle part of the target's proportions is resized to it.
 * Shape: `[batch, any, any, channels]` to `[batch, height, width, channels]`. Source: Keras `CenterCrop`.
 *
 * @throws {InvalidConfigError} a length is not an integer of at least 1.
 */
export class CenterCrop extends ImageLayer<CenterCropConfig> {
  static override readonly className = "CenterCrop";
  static override readonly options: OptionNames<CenterCropConfig> = {
    height: true,
    width: true,
    dataFormat: true,
    ...layerOptions,
  };
  readonly height: number;
  readonly width: number;

  constructor(config: CenterCropConfig) {
    super(config);
    this.height = requirePositiveInteger("CenterCrop", "height", config.height);
    this.width = requirePositiveInteger("CenterCrop", "width", config.width);
  }

  protected override outputImageShape(input: ImageShape): ImageShape {
    return { ...input, height: this.height, width: this.width };
  }

  protected override process(images: tf.Tensor): tf.Tensor {
    const { height, width } = this;
    const [, rows = 1, columns = 1] = images.shape;
    if (rows < height || columns < width) {
      return resizeImages(cropToProportions(images, [height, width]), [height, width], "bilinear");
    }
    const start = [0, Math.floor((rows - height) / 2), Math.floor((columns - width) / 2), 0];
    return tf.slice(images, start, [-1, height, width, -1]);
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), height: this.height, width: this.width };
  }

  static fromConfig(reader: ConfigReader): CenterCrop {
    return new CenterCrop({
      ...readLayerConfig(reader),
      dataFormat: reader.word("data_format", ["channels_last", "channels_first"]),
      height: reader.number("height") ?? Number.NaN,
      width: reader.number("width") ?? Number.NaN,
    });
  }
}
