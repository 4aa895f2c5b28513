import { Option, type Options, type RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { boxMasks, drawBox, normalNoise, type Box } from "@featuremap/operations";
import { type ImageShape, isList } from "../../../config/options.ts";
import { augmentationOptions, drawChosen } from "../augmentation-layer.ts";
import { type ColorConfig, ColorLayer, colorOptions } from "../colors/color-layer.ts";
import { type Factor, type FactorRange, factorOption } from "../factor.ts";
import { chooseImages } from "../image-transform-layer.ts";

export interface RandomErasingConfig extends ColorConfig {
  /** Chance that an image changes, in [0, 1]: drawn for each from 0 to this number, or between two. Default: 1. */
  readonly factor?: Factor | undefined;
  /**
   * Squares of the box's shares of width and height, in [0, 1]: each drawn from 0 to this number, or between two.
   * Default: [0.02, 0.33].
   */
  readonly scale?: Factor | undefined;
  /** The value of the box: a number, or one for each of three channels. Default: normal noise. */
  readonly fillValue?: number | readonly [number, number, number] | null | undefined;
}

/** Whether each image loses a box, where the box lies, and the seed of its noise, if any. */
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
 * Puts a box of one color or of noise on some images while training; prediction leaves images as they are.
 *
 * The noise has mean 0 and the largest value as its deviation, and is kept within the value range.
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `RandomErasing`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 * @throws {ShapeError} `fillValue` is three numbers, and images do not have 3 channels.
 */
export class RandomErasing extends ColorLayer<RandomErasingConfig, Erasing> {
  static override readonly className: string = "RandomErasing";
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
