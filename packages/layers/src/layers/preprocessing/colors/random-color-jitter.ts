import type { OptionNames, RandomStream } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../../config/config-reader.ts";
import {
  type AugmentationConfig,
  AugmentationLayer,
  type Factor,
  augmentationOptions,
  readAugmentationConfig,
} from "../augmentation-layer.ts";
import type { FactorOfEach } from "./color-layer.ts";
import type { ImageShape } from "../../../config/options.ts";
import { type Brightness, RandomBrightness } from "./random-brightness.ts";
import { type Contrast, RandomContrast } from "./random-contrast.ts";
import { RandomHue } from "./random-hue.ts";
import { RandomSaturation } from "./random-saturation.ts";
import { type ValueRange, type ValueRangeConfig, readValueRange, requireValueRange } from "../value-range.ts";

export interface RandomColorJitterConfig extends AugmentationConfig, ValueRangeConfig {
  /** As {@link RandomBrightness} takes it; without it, images keep their brightness. */
  readonly brightnessFactor?: Factor | null | undefined;
  /** As {@link RandomContrast} takes it; without it, images keep their contrast. */
  readonly contrastFactor?: Factor | null | undefined;
  /** As {@link RandomSaturation} takes it; without it, images keep their saturation. */
  readonly saturationFactor?: Factor | null | undefined;
  /** As {@link RandomHue} takes it; without it, images keep their hue. */
  readonly hueFactor?: Factor | null | undefined;
}

/** What each of the layers inside does; what is not there does nothing. */
export interface ColorJitter {
  readonly brightness?: Brightness | undefined;
  readonly contrast?: Contrast | undefined;
  readonly saturation?: FactorOfEach | undefined;
  readonly hue?: FactorOfEach | undefined;
}

/**
 * Changes brightness, contrast, saturation and hue of each image while training, in this order; prediction gives images back.
 *
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `RandomColorJitter`.
 * @differs handles `channelsFirst` in saturation and hue; Keras 3.15 treats the last axis as the channels
 *
 * @throws {InvalidConfigError} an option is out of its range.
 * @throws {ShapeError} saturation or hue change, and images have not 3 channels.
 */
export class RandomColorJitter extends AugmentationLayer<RandomColorJitterConfig, ColorJitter> {
  static override readonly className = "RandomColorJitter";
  static override readonly options: OptionNames<RandomColorJitterConfig> = {
    valueRange: true,
    brightnessFactor: true,
    contrastFactor: true,
    saturationFactor: true,
    hueFactor: true,
    ...augmentationOptions,
  };
  readonly valueRange: ValueRange;
  readonly #brightness: RandomBrightness | null;
  readonly #contrast: RandomContrast | null;
  readonly #saturation: RandomSaturation | null;
  readonly #hue: RandomHue | null;

  constructor(config: RandomColorJitterConfig = {}) {
    super(config);
    const valueRange = requireValueRange("RandomColorJitter", config.valueRange);
    const { brightnessFactor, contrastFactor, saturationFactor, hueFactor } = config;
    const made = <Made>(factor: Factor | null | undefined, make: (factor: Factor) => Made): Made | null =>
      factor === null || factor === undefined ? null : make(factor);
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

  override getConfig(): Record<string, unknown> {
    const { brightnessFactor, contrastFactor, saturationFactor, hueFactor } = this.config;
    return {
      ...super.getConfig(),
      value_range: this.valueRange,
      brightness_factor: brightnessFactor ?? null,
      contrast_factor: contrastFactor ?? null,
      saturation_factor: saturationFactor ?? null,
      hue_factor: hueFactor ?? null,
    };
  }

  static fromConfig(reader: ConfigReader): RandomColorJitter {
    const factor = (key: string): Factor | null | undefined => (reader.take(key) === null ? null : reader.pair(key));
    return new RandomColorJitter({
      ...readAugmentationConfig(reader),
      valueRange: readValueRange(reader),
      brightnessFactor: factor("brightness_factor"),
      contrastFactor: factor("contrast_factor"),
      saturationFactor: factor("saturation_factor"),
      hueFactor: factor("hue_factor"),
    });
  }
}
