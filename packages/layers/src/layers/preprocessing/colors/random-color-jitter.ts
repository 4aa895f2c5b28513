import { Option, type Options, type RandomStream } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../../config/config-reader.ts";
import type { ImageShape } from "../../../config/options.ts";
import { type AugmentationConfig, AugmentationLayer, augmentationOptions } from "../augmentation-layer.ts";
import type { Factor } from "../factor.ts";
import { type ValueRange, type ValueRangeConfig, valueRangeOption } from "../value-range.ts";
import type { FactorOfEach } from "./color-layer.ts";
import { type Brightness, RandomBrightness } from "./random-brightness.ts";
import { type Contrast, RandomContrast } from "./random-contrast.ts";
import { RandomHue } from "./random-hue.ts";
import { RandomSaturation } from "./random-saturation.ts";

export interface RandomColorJitterConfig extends AugmentationConfig, ValueRangeConfig {
  /** The factor of {@link RandomBrightness}; without one, images keep their brightness. */
  readonly brightnessFactor?: Factor | null | undefined;
  /** The factor of {@link RandomContrast}; without one, images keep their contrast. */
  readonly contrastFactor?: Factor | null | undefined;
  /** The factor of {@link RandomSaturation}; without one, images keep their saturation. */
  readonly saturationFactor?: Factor | null | undefined;
  /** The factor of {@link RandomHue}; without one, images keep their hue. */
  readonly hueFactor?: Factor | null | undefined;
}

/** The transformation of each layer inside; a layer without one does nothing. */
export interface ColorJitter {
  readonly brightness?: Brightness | undefined;
  readonly contrast?: Contrast | undefined;
  readonly saturation?: FactorOfEach | undefined;
  readonly hue?: FactorOfEach | undefined;
}

/** The factor of a layer inside, which checks it; `null` by default, for no such layer. */
function innerFactorOption(): Option<Factor | null | undefined, Factor | null> {
  return new Option<Factor, Factor>({
    check: (_owner, _name, factor) => factor,
    read: (saved: ConfigReader, key) => saved.pair(key),
    write: (factor) => factor,
  }).orNull();
}

const declared = {
  valueRange: valueRangeOption(),
  brightnessFactor: innerFactorOption(),
  contrastFactor: innerFactorOption(),
  saturationFactor: innerFactorOption(),
  hueFactor: innerFactorOption(),
};

/**
 * Changes brightness, contrast, saturation and hue of each image, in this order, while training; prediction leaves
 * images as they are.
 *
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `RandomColorJitter`.
 * @differs handles `channelsFirst` in saturation and hue; Keras 3.15 treats the last axis as the channels
 *
 * @throws {InvalidConfigError} an option is out of its range.
 * @throws {ShapeError} there is a `saturationFactor` or a `hueFactor`, and images do not have 3 channels.
 */
export class RandomColorJitter extends AugmentationLayer<RandomColorJitterConfig, ColorJitter> {
  static override readonly className: string = "RandomColorJitter";
  static override readonly options: Options<RandomColorJitterConfig> = { ...declared, ...augmentationOptions };
  readonly valueRange: ValueRange;
  readonly #brightness: RandomBrightness | null;
  readonly #contrast: RandomContrast | null;
  readonly #saturation: RandomSaturation | null;
  readonly #hue: RandomHue | null;

  constructor(config: RandomColorJitterConfig = {}) {
    super(config);
    const { valueRange, brightnessFactor, contrastFactor, saturationFactor, hueFactor } = this.settle(declared);
    const made = <Made>(factor: Factor | null, make: (factor: Factor) => Made): Made | null =>
      factor === null ? null : make(factor);
    this.valueRange = valueRange;
    this.#brightness = made(brightnessFactor, (factor) => new RandomBrightness({ factor, valueRange }));
    this.#contrast = made(contrastFactor, (factor) => new RandomContrast({ factor, valueRange }));
    this.#saturation = made(saturationFactor, (factor) => new RandomSaturation({ factor, valueRange }));
    this.#hue = made(hueFactor, (factor) => new RandomHue({ factor, valueRange }));
  }

  protected override get channelCounts(): readonly number[] | null {
    return this.#saturation === null && this.#hue === null ? null : [3];
  }

  protected override drawTransformation(images: ImageShape, random: RandomStream): ColorJitter {
    const shape = [images.batch, images.height, images.width, images.channels];
    return {
      brightness: this.#brightness?.getRandomTransformation(shape, random),
      contrast: this.#contrast?.getRandomTransformation(shape, random),
      saturation: this.#saturation?.getRandomTransformation(shape, random),
      hue: this.#hue?.getRandomTransformation(shape, random),
    };
  }

  protected override transform(images: tf.Tensor, { brightness, contrast, saturation, hue }: ColorJitter): tf.Tensor {
    let changed = images;
    if (brightness !== undefined) changed = this.#brightness?.transformImages(changed, brightness) ?? changed;
    if (contrast !== undefined) changed = this.#contrast?.transformImages(changed, contrast) ?? changed;
    if (saturation !== undefined) changed = this.#saturation?.transformImages(changed, saturation) ?? changed;
    if (hue !== undefined) changed = this.#hue?.transformImages(changed, hue) ?? changed;
    return changed;
  }
}
