import { type RandomStream, type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { CallContext } from "../../layer/layer.ts";
import { requireStream } from "../../layer/layer-state.ts";
import { ImageLayer, type ImageLayerConfig } from "./image-layer.ts";
import { type ImageShape, readImageShape, requireShape } from "../../config/options.ts";

/**
 * A layer that makes of images what a transformation says, which it draws anew for each step that trains; prediction gives its
 * input back. Source: Keras `BaseImagePreprocessingLayer`.
 */
export abstract class ImageTransformLayer<Config extends ImageLayerConfig, Transformation> extends ImageLayer<Config> {
  /** How many channels images may have; `null` where any number will do. */
  protected get channelCounts(): readonly number[] | null {
    return null;
  }

  /** Whether a pass changes images at all. */
  protected isActive({ training }: CallContext): boolean {
    return training;
  }

  /**
   * Draws what a step that trains does with images of this shape. Source: Keras `get_random_transformation`.
   *
   * @param random where the draws come from (default: the layer's own stream)
   */
  getRandomTransformation(shape: Shape, random: RandomStream = this.draws): Transformation {
    return this.drawTransformation(this.imagesOf(requireShape(this.name, shape)), requireStream(this.name, random));
  }

  /** Does it. Source: Keras `transform_images`. */
  transformImages(input: tf.Tensor, transformation: Transformation): tf.Tensor {
    if (input.rank === 3) return tf.squeeze(this.transformImages(tf.expandDims(input), transformation), [0]);
    this.outputImageShape(this.imagesOf(input.shape));
    return this.inFormat(input, (images) => this.transform(images, transformation));
  }

  /** The four lengths, of a single image those of a batch of one. */
  protected imagesOf(shape: Shape): ImageShape {
    return readImageShape(this.name, shape.length === 3 ? [1, ...shape] : shape, this.dataFormat);
  }

  protected abstract drawTransformation(images: ImageShape, random: RandomStream): Transformation;

  /** On `[batch, height, width, channels]`. */
  protected abstract transform(images: tf.Tensor, transformation: Transformation): tf.Tensor;

  /** @throws {ShapeError} images have another number of channels than the layer can take. */
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

/** One number for each image, in a shape that fits `[batch, height, width, channels]`. */
export function eachImage(values: ArrayLike<number>): tf.Tensor {
  return tf.tensor(Float32Array.from(values), [values.length, 1, 1, 1]);
}

/** For each image the one or the other. */
export function chooseImages(chosen: readonly boolean[], changed: tf.Tensor, images: tf.Tensor): tf.Tensor {
  return tf.where(tf.tensor([...chosen], [chosen.length, 1, 1, 1], "bool"), changed, images);
}
