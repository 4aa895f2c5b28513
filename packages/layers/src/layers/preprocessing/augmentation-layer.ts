import { InvalidConfigError, type OptionNames, RandomStream } from "@featuremap/tensor";
import type { ConfigReader } from "../../config/config-reader.ts";
import { layerOptions } from "../../layer/layer-config.ts";
import { readLayerConfig } from "../../layer/reading/read-config.ts";
import type { ImageLayerConfig } from "./image-layer.ts";
import { ImageTransformLayer } from "./image-transform-layer.ts";
import { type ImageShape, isList, isWithin } from "../../config/options.ts";

/** What layers take that change images at random while they train. */
export interface AugmentationConfig extends ImageLayerConfig {
  /** Starts the layer's random stream, in place of the model's; every training call goes on where the last one ended. */
  readonly seed?: number | null | undefined;
}

/** The names of these options. */
export const augmentationOptions: OptionNames<AugmentationConfig> = { dataFormat: true, seed: true, ...layerOptions };

/** A number and its negative, or the smaller and the larger of two. */
export type Factor = number | readonly [number, number];

/** What a factor, or each of its ends, may be; with `open` not the least itself. */
export interface FactorBounds {
  readonly least: number;
  readonly most: number;
  readonly open?: boolean;
}

/**
 * A layer that changes images while it trains, each in its own way, and gives its input back when it predicts.
 *
 * @throws {InvalidConfigError} the seed is not an integer in [0, 2^32).
 */
export abstract class AugmentationLayer<Config extends AugmentationConfig, Transformation> extends ImageTransformLayer<
  Config,
  Transformation
> {
  readonly #own: RandomStream | null;

  constructor(config: Config) {
    super(config);
    this.#own = (config.seed ?? null) === null ? null : new RandomStream(config.seed ?? undefined);
  }

  protected override get draws(): RandomStream {
    return this.#own ?? this.random;
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), seed: this.config.seed ?? null };
  }
}

/** What {@link AugmentationConfig} holds, in Keras's config. */
export function readAugmentationConfig(reader: ConfigReader): AugmentationConfig {
  return { ...readImageConfig(reader), seed: reader.numberOrNull("seed") };
}

/** What {@link ImageLayerConfig} holds, in Keras's config. */
export function readImageConfig(reader: ConfigReader): ImageLayerConfig {
  return {
    ...readLayerConfig(reader),
    dataFormat: reader.word("data_format", ["channels_last", "channels_first"]),
  };
}

/** One drawn number for each image. */
export function drawEach(
  random: RandomStream,
  { batch }: ImageShape,
  [lower, upper]: readonly [number, number],
): number[] {
  return Array.from({ length: batch ?? 1 }, () => random.uniform(lower, upper));
}

/** Which images are changed, each with a chance that is drawn for it. */
export function drawChosen(random: RandomStream, images: ImageShape, chances: readonly [number, number]): boolean[] {
  return drawEach(random, images, chances).map((chance) => random.uniform() < chance);
}

/** The range that a factor gives: `[-f, f]` for a number, no lower than `least`. Source: Keras `_set_factor`. */
export function requireFactor(
  owner: string,
  option: string,
  factor: Factor | undefined,
  { least, most, open = false }: FactorBounds,
): readonly [number, number] {
  const ends: readonly unknown[] = isList(factor) ? factor : [factor];
  const fits = (end: unknown): end is number => isWithin(end, least, most) && !(open && end === least);
  if (ends.length > 2 || (isList(factor) && ends.length < 2) || !ends.every(fits)) {
    const range = `${open ? "(" : "["}${least}, ${most}]`;
    throw new InvalidConfigError(owner, option, `a number in ${range}, or two of them`, factor);
  }
  const [first = 0, second] = ends;
  if (second !== undefined) return [Math.min(first, second), Math.max(first, second)];
  return [Math.max(-Math.abs(first), least), Math.abs(first)];
}
