import type { OptionNames, RandomStream } from "@featuremap/tensor";
import type { ConfigReader } from "../../../config/config-reader.ts";
import type { ProjectiveMatrix } from "@featuremap/operations";
import { type AffineConfig, AffineLayer, affineOptions, readAffineConfig } from "./affine-layer.ts";
import { type Factor, drawEach, requireFactor } from "../augmentation-layer.ts";
import type { ImageShape } from "../../../config/options.ts";

export interface RandomTranslationConfig extends AffineConfig {
  /** Share of the height, in [-1, 1]: 0.2 for up or down by a fifth, or the smallest and the largest; above 0 is down. */
  readonly heightFactor: Factor;
  /** Share of the width, likewise; above 0 is to the right. */
  readonly widthFactor: Factor;
}

/** How far each image moves, in pixels: to the right, and down. */
export interface Translation {
  readonly translations: readonly (readonly [right: number, down: number])[];
}

/**
 * Moves each image by a distance of its own while training; prediction gives images back.
 *
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `RandomTranslation`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class RandomTranslation extends AffineLayer<RandomTranslationConfig, Translation> {
  static override readonly className = "RandomTranslation";
  static override readonly options: OptionNames<RandomTranslationConfig> = {
    heightFactor: true,
    widthFactor: true,
    ...affineOptions,
  };
  readonly #heights: readonly [number, number];
  readonly #widths: readonly [number, number];

  constructor(config: RandomTranslationConfig) {
    super(config);
    const range = { least: -1, most: 1 };
    this.#heights = requireFactor("RandomTranslation", "heightFactor", config.heightFactor, range);
    this.#widths = requireFactor("RandomTranslation", "widthFactor", config.widthFactor, range);
  }

  protected override drawTransformation(images: ImageShape, random: RandomStream): Translation {
    const down = drawEach(random, images, this.#heights);
    const right = drawEach(random, images, this.#widths);
    const [height, width] = [images.height ?? 1, images.width ?? 1];
    return { translations: right.map((share, image) => [share * width, (down[image] ?? 0) * height] as const) };
  }

  protected override matrices({ translations }: Translation): readonly ProjectiveMatrix[] {
    return translations.map(([right, down]) => [1, 0, -right, 0, 1, -down]);
  }

  override getConfig(): Record<string, unknown> {
    const { heightFactor, widthFactor } = this.config;
    return { ...super.getConfig(), height_factor: heightFactor, width_factor: widthFactor };
  }

  static fromConfig(reader: ConfigReader): RandomTranslation {
    return new RandomTranslation({
      ...readAffineConfig(reader),
      heightFactor: reader.pair("height_factor") ?? Number.NaN,
      widthFactor: reader.pair("width_factor") ?? Number.NaN,
    });
  }
}
