import type { Options, RandomStream } from "@featuremap/tensor";
import type { ProjectiveMatrix } from "@featuremap/operations";
import type { ImageShape } from "../../../config/options.ts";
import { drawEach } from "../augmentation-layer.ts";
import { type Factor, type FactorRange, givenFactorOption, rangeOf } from "../factor.ts";
import { type AffineConfig, AffineLayer, affineOptions } from "./affine-layer.ts";

export interface RandomZoomConfig extends AffineConfig {
  /** In (-1, 1]: 0.2 to show 0.8 to 1.2 times the height, or the smallest and the largest; above 0 makes images smaller. */
  readonly heightFactor: Factor;
  /** Likewise for the width; without one, images keep their proportions. */
  readonly widthFactor?: Factor | null | undefined;
}

/** The share of its height and width that each image shows: below 1, a part of it is enlarged. */
export interface Zoom {
  readonly heightZoom: readonly number[];
  readonly widthZoom: readonly number[];
}

const bounds = { least: -1, most: 1, open: true };
const declared = { heightFactor: givenFactorOption(bounds), widthFactor: givenFactorOption(bounds).orNull() };

/**
 * Makes each image larger or smaller about its middle, by a factor drawn for it, while training; prediction leaves images as
 * they are.
 *
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `RandomZoom`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class RandomZoom extends AffineLayer<RandomZoomConfig, Zoom> {
  static override readonly className: string = "RandomZoom";
  static override readonly options: Options<RandomZoomConfig> = { ...declared, ...affineOptions };
  readonly #heights: FactorRange;
  readonly #widths: FactorRange | null;

  constructor(config: RandomZoomConfig) {
    super(config);
    const { heightFactor, widthFactor } = this.settle(declared);
    this.#heights = rangeOf(heightFactor, bounds.least);
    this.#widths = widthFactor === null ? null : rangeOf(widthFactor, bounds.least);
  }

  protected override drawTransformation(images: ImageShape, random: RandomStream): Zoom {
    const zooms = ([lower, upper]: FactorRange): number[] => drawEach(random, images, [1 + lower, 1 + upper]);
    const heightZoom = zooms(this.#heights);
    return { heightZoom, widthZoom: this.#widths === null ? heightZoom : zooms(this.#widths) };
  }

  protected override matrices(
    { heightZoom, widthZoom }: Zoom,
    height: number,
    width: number,
  ): readonly ProjectiveMatrix[] {
    return heightZoom.map((vertical, image) => {
      const horizontal = widthZoom[image] ?? 1;
      return [horizontal, 0, ((width - 1) / 2) * (1 - horizontal), 0, vertical, ((height - 1) / 2) * (1 - vertical)];
    });
  }
}
