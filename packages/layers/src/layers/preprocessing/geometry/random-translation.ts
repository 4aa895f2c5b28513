import type { Options, RandomStream } from "@featuremap/tensor";
import type { ProjectiveMatrix } from "@featuremap/operations";
import type { ImageShape } from "../../../config/options.ts";
import { drawEach } from "../augmentation-layer.ts";
import { type Factor, type FactorRange, givenFactorOption, rangeOf } from "../factor.ts";
import { type AffineConfig, AffineLayer, affineOptions } from "./affine-layer.ts";

export interface RandomTranslationConfig extends AffineConfig {
  /** Share of the height, in [-1, 1]: 0.2 for up or down by a fifth, or the smallest and the largest share; above 0 is down. */
  readonly heightFactor: Factor;
  /** Share of the width, likewise; above 0 is to the right. */
  readonly widthFactor: Factor;
}

/** How far each image moves, in pixels: to the right, and down. */
export interface Translation {
  readonly translations: readonly (readonly [right: number, down: number])[];
}

const bounds = { least: -1, most: 1 };
const declared = { heightFactor: givenFactorOption(bounds), widthFactor: givenFactorOption(bounds) };

/**
 * Moves each image, by a distance drawn for it, while training; prediction leaves images as they are.
 *
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `RandomTranslation`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class RandomTranslation extends AffineLayer<RandomTranslationConfig, Translation> {
  static override readonly className: string = "RandomTranslation";
  static override readonly options: Options<RandomTranslationConfig> = { ...declared, ...affineOptions };
  readonly #heights: FactorRange;
  readonly #widths: FactorRange;

  constructor(config: RandomTranslationConfig) {
    super(config);
    const { heightFactor, widthFactor } = this.settle(declared);
    this.#heights = rangeOf(heightFactor, bounds.least);
    this.#widths = rangeOf(widthFactor, bounds.least);
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
}
