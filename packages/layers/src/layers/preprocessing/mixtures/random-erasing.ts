import { Option, type Options, type RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { boxMasks, drawBox, normalNoise, type Box } from "@featuremap/operations";
import { type ImageShape, isList } from "../../../config/options.ts";
import { augmentationOptions, drawChosen } from "../augmentation-layer.ts";
import { type ColorConfig, ColorLayer, colorOptions } from "../colors/color-layer.ts";
import { type Factor, type FactorRange, factorOption } from "../factor.ts";
import { chooseImages } from "../image-transform-layer.ts";

export interface RandomErasingConfig extends ColorConfig {
  /** In [0, 1]: the chance of an image, drawn for each between 0 and this or between the two. Default: 1. */
  readonly factor?: Factor | undefined;
  /**
   * Squares of the shares of width and of height that the box takes, in [0, 1], each drawn from 0 or from the smaller;
   * Default: [0.02, 0.33].
   */
  readonly scale?: Factor | undefined;
  /** What stands in the box: a number, or one for each of three channels; normal noise without it. */
  readonly fillValue?: number | readonly [number, number, number] | null | undefined;
}

/** Which images lose a box, where it lies, and where its noise starts if there is any. */
export interface Erasing {
  readonly applyErasing: readonly boolean[];
  readonly boxes: readonly Box[];
  readonly noiseSeed: number | null;
}

const inherited = colorOptions({ least: 0, most: 1 }, 1);
const declared = {
  scale: factorOption({ least: 0, most: 1 }).notNull().default([0.02, 0.33]),
  fillValue: Option.plain<number | readonly [number, number, number]>({
    expected: "a number, three of them, or null",
    accepts: (value) => (isList(value) ? value.length === 3 && value.every(Number.isFinite) : Number.isFinite(value)),
  }).orNull(),
};

/**
 * Puts a box of one color or of noise on some images while training; prediction gives images back.
 *
 * The noise has mean 0 and the largest value for its deviation, and is kept within the value range.
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `RandomErasing`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 * @throws {ShapeError} there is a color of three numbers, and images have not 3 channels.
 */
export class RandomErasing extends ColorLayer<RandomErasingConfig, Erasing> {
  static override readonly className = "RandomErasing";
  static override readonly options: Options<RandomErasingConfig> = {
    factor: inherited.factor,
    ...declared,
    valueRange: inherited.valueRange,
    ...augmentationOptions,
  };
  readonly scale: FactorRange;
  readonly fillValue: number | readonly number[] | null;

  constructor(config: RandomErasingConfig = {}) {
    super(config, inherited);
    ({ scale: this.scale, fillValue: this.fillValue } = this.settle(declared));
  }

  protected override get channelCounts(): readonly number[] | null {
    return isList(this.fillValue) ? [3] : null;
  }

  protected override drawTransformation(images: ImageShape, random: RandomStream): Erasing {
    const applyErasing = drawChosen(random, images, this.factor);
    const share = (): number => Math.sqrt(random.uniform(...this.scale));
    return {
      applyErasing,
      boxes: applyErasing.map(() =>
        drawBox(random, [images.height ?? 1, images.width ?? 1], { width: share(), height: share() }),
      ),
      noiseSeed: this.fillValue === null ? random.uint32() : null,
    };
  }

  protected override transform(images: tf.Tensor, { applyErasing, boxes, noiseSeed }: Erasing): tf.Tensor {
    const [, height = 1, width = 1] = images.shape;
    const { fillValue, valueRange } = this;
    const noise = (): tf.Tensor => normalNoise(images.shape, 0, valueRange[1], noiseSeed ?? 0);
    const color = fillValue === null ? noise() : tf.tensor1d([fillValue].flat());
    const filled = tf.add(tf.zerosLike(images), tf.clipByValue(color, ...valueRange));
    return chooseImages(applyErasing, tf.where(boxMasks(boxes, [height, width]), filled, images), images);
  }
}
