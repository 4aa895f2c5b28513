import { type RandomStream, type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { CallContext } from "../../layer/layer.ts";
import { requireStream } from "../../layer/layer-state.ts";
import { ImageLayer, type ImageLayerConfig } from "./image-layer.ts";
import { type ImageShape, readImageShape, requireShape } from "../../config/options.ts";

/**
 * A layer that changes images by a transformation, which it draws anew for each training step; prediction leaves images as they
 * are. Source: Keras `BaseImagePreprocessingLayer`.
 */
export abstract class ImageTransformLayer<Config extends ImageLayerConfig, Transformation> extends ImageLayer<Config> {
  /** The numbers of channels that images may have; `null` for any. */
  protected get channelCounts(): readonly number[] | null {
    return null;
  }

  /** Whether the layer changes images in this pass. */
  protected isActive({ training }: CallContext): boolean {
    return training;
  }

  /**
   * Draws the transformation of one training step for images of this shape. Source: Keras `get_random_transformation`.
   *
   * @param random stream to draw from; the layer's own by default
   */
  getRandomTransformation(shape: Shape, random: RandomStream = this.draws): Transformation {
    return this.drawTransformation(this.imagesOf(requireShape(this.name, shape)), requireStream(this.name, random));
  }

  /** Applies a transformation. Source: Keras `transform_images`. */
  transformImages(input: tf.Tensor, transformation: Transformation): tf.Tensor {
    if (input.rank === 3) return tf.squeeze(this.transformImages(tf.expandDims(input), transformation), [0]);
    this.outputImageShape(this.imagesOf(input.shape));
    return this.inFormat(input, (images) => this.transform(images, transformation));
  }

  /** The lengths of a batch; a single image is a batch of one. */
  protected imagesOf(shape: Shape): ImageShape {
    return readImageShape(this.name, shape.length === 3 ? [1, ...shape] : shape, this.dataFormat);
  }

  protected abstract drawTransformation(images: ImageShape, random: RandomStream): Transformation;

  /** On `[batch, height, width, channels]`. */
  protected abstract transform(images: tf.Tensor, transformation: Transformation): tf.Tensor;

  /** @throws {ShapeError} the layer cannot take images with this number of channels. */
  protected override outputImageShape(input: ImageShape): ImageShape {
    const { channelCounts: counts } = this;
    const { channels } = input;
    if (counts === null || channels === null || counts.includes(channels)) return input;
    const wanted = `images of ${counts.map((count) => `${count}`).join(" or ")} channels`;
    throw new ShapeError(this.name, "input", wanted, formatShape([input.batch, input.height, input.width, channels]));
  }

  protected override process(images: tf.Tensor): tf.Tensor {
    const [batch = null, height = null, width = null, channels = null] = images.shape;
    return this.transform(images, this.drawTransformation({ batch, height, width, channels }, this.draws));
  }

  override call(input: tf.Tensor, context: CallContext): tf.Tensor {
    return this.isActive(context) ? super.call(input, context) : input;
  }
}

/** One number for each image, as `[batch, 1, 1, 1]`. */
export function eachImage(values: ArrayLike<number>): tf.Tensor {
  return tf.tensor(Float32Array.from(values), [values.length, 1, 1, 1]);
}

/** The changed version of the chosen images, and the others as they are. */
export function chooseImages(chosen: readonly boolean[], changed: tf.Tensor, images: tf.Tensor): tf.Tensor {
  return tf.where(tf.tensor([...chosen], [chosen.length, 1, 1, 1], "bool"), changed, images);
}
