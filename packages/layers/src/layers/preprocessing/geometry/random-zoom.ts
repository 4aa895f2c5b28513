import type { OptionNames, RandomStream } from "@featuremap/tensor";
import type { ConfigReader } from "../../../config/config-reader.ts";
import type { ProjectiveMatrix } from "@featuremap/operations";
import { type AffineConfig, AffineLayer, affineOptions, readAffineConfig } from "./affine-layer.ts";
import { type Factor, drawEach, requireFactor } from "../augmentation-layer.ts";
import type { ImageShape } from "../../../config/options.ts";

export interface RandomZoomConfig extends AffineConfig {
  /** In (-1, 1]: 0.2 for showing 0.8 to 1.2 times the height, or the smallest and the largest; above 0 is smaller. */
  readonly heightFactor: Factor;
  /** Likewise for the width; without it, images keep their proportions. */
  readonly widthFactor?: Factor | null | undefined;
}

/** How much of its height and width each image shows: below 1 for a part of it, larger. */
export interface Zoom {
  readonly heightZoom: readonly number[];
  readonly widthZoom: readonly number[];
}

/**
 * Makes each image larger or smaller about its middle by a factor of its own while training; prediction gives images back.
 *
 * Shape: `[batch, height, width, channels]` to the same shape. Source: Keras `RandomZoom`.
 *
 * @throws {InvalidConfigError} an option is out of its range.
 */
export class RandomZoom extends AffineLayer<RandomZoomConfig, Zoom> {
  static override readonly className = "RandomZoom";
  static override readonly options: OptionNames<RandomZoomConfig> = {
    heightFactor: true,
    widthFactor: true,
    ...affineOptions,
  };
  readonly #heights: readonly [number, number];
  readonly #widths: readonly [number, number] | null;

  constructor(config: RandomZoomConfig) {
    super(config);
    const range = { least: -1, most: 1, open: true };
    const { heightFactor, widthFactor = null } = config;
    this.#heights = requireFactor("RandomZoom", "heightFactor", heightFactor, range);
    this.#widths = widthFactor === null ? null : requireFactor("RandomZoom", "widthFactor", widthFactor, range);
  }

  protected override drawTransformation(images: ImageShape, random: RandomStream): Zoom {
    const zooms = ([lower, upper]: readonly [number, number]): number[] =>
      drawEach(random, images, [1 + lower, 1 + upper]);
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

  override getConfig(): Record<string, unknown> {
    const { heightFactor, widthFactor = null } = this.config;
    return { ...super.getConfig(), height_factor: heightFactor, width_factor: widthFactor };
  }

  static fromConfig(reader: ConfigReader): RandomZoom {
    const widthFactor = reader.take("width_factor");
    return new RandomZoom({
      ...readAffineConfig(reader),
      heightFactor: reader.pair("height_factor") ?? Number.NaN,
      widthFactor: widthFactor === null ? null : reader.pair("width_factor"),
    });
  }
}
