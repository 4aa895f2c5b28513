import { Option, type Options } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { cropToProportions, resizeImages } from "@featuremap/operations";
import type { ImageShape } from "../../config/options.ts";
import { ImageLayer, type ImageLayerConfig, imageOptions } from "./image-layer.ts";

export interface CenterCropConfig extends ImageLayerConfig {
  /** Height of the part. */
  readonly height: number;
  /** Width of the part. */
  readonly width: number;
}

const declared = { height: Option.integer(), width: Option.integer() };

/**
 * Cuts the middle out of images.
 *
 * Of an image that is too small, the largest middle part of the target's proportions is resized instead.
 * Shape: `[batch, any, any, channels]` to `[batch, height, width, channels]`. Source: Keras `CenterCrop`.
 *
 * @throws {InvalidConfigError} a length is not an integer of at least 1.
 */
export class CenterCrop extends ImageLayer<CenterCropConfig> {
  static override readonly className: string = "CenterCrop";
  static override readonly options: Options<CenterCropConfig> = { ...declared, ...imageOptions };
  readonly height: number;
  readonly width: number;

  constructor(config: CenterCropConfig) {
    super(config);
    ({ height: this.height, width: this.width } = this.settle(declared));
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
}
