import { InvalidConfigError, type OptionNames, type RandomStream } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../../config/config-reader.ts";
import { boxMasks, drawBox, normalNoise, type Box } from "@featuremap/operations";
import { type Factor, drawChosen, requireFactor } from "../augmentation-layer.ts";
import { type ColorConfig, ColorLayer, colorOptions, readColorConfig } from "../colors/color-layer.ts";
import { chooseImages } from "../image-transform-layer.ts";
import { type ImageShape, isList } from "../../../config/options.ts";

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
  static override readonly options: OptionNames<RandomErasingConfig> = {
    ...colorOptions,
    scale: true,
    fillValue: true,
  };
  readonly scale: readonly [number, number];
  readonly fillValue: number | readonly number[] | null;

  constructor(config: RandomErasingConfig = {}) {
    super(config, { least: 0, most: 1 }, 1);
    const { scale = [0.02, 0.33], fillValue = null } = config;
    this.scale = requireFactor("RandomErasing", "scale", scale, { least: 0, most: 1 });
    const numbers: readonly unknown[] = isList(fillValue) ? fillValue : [fillValue];
    const isColor = numbers.every(Number.isFinite) && (numbers.length === 3 || !isList(fillValue));
    if (fillValue !== null && !isColor) {
      throw new InvalidConfigError("RandomErasing", "fillValue", "a number, three of them, or null", fillValue);
    }
    this.fillValue = fillValue;
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

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), scale: this.scale, fill_value: this.fillValue };
  }

  static fromConfig(reader: ConfigReader): RandomErasing {
    const fillValue = reader.take("fill_value") === null ? null : reader.numbers("fill_value");
    return new RandomErasing({
      ...readColorConfig(reader, 1),
      scale: reader.pair("scale"),
      fillValue: fillValue as RandomErasingConfig["fillValue"],
    });
  }
}
