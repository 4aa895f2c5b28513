import { InvalidConfigError, type OptionNames, RandomStream, type Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../config-reader.ts";
import { layerOptions } from "../layer-config.ts";
import type { CallContext } from "../layer.ts";
import { readLayerConfig } from "../part-readers.ts";
import { ImageLayer, type ImageLayerConfig } from "./image-layer.ts";
import { type ImageShape, isList, readImageShape, isWithin } from "./options.ts";

/** What layers take that change images at random while they train. */
export interface AugmentationConfig extends ImageLayerConfig {
  /** Starts the layer's random stream, in place of the model's; every training call goes on where the last one ended. */
  readonly seed?: number | null | undefined;
}

/** The names of these options. */
export const augmentationOptions: OptionNames<AugmentationConfig> = { dataFormat: true, seed: true, ...layerOptions };

/** A number and its negative, or the smaller and the larger of two. */
export type Factor = number | readonly [number, number];

/**
 * A layer that changes images while it trains, each in its own way, and gives its input back when it predicts.
 *
 * @throws {InvalidConfigError} the seed is no integer in [0, 2^32).
 */
export abstract class AugmentationLayer<Config extends AugmentationConfig, Transformation> extends ImageLayer<Config> {
  readonly #own: RandomStream | null;

  constructor(config: Config) {
    super(config);
    this.#own = (config.seed ?? null) === null ? null : new RandomStream(config.seed ?? undefined);
  }

  protected override get draws(): RandomStream {
    return this.#own ?? this.random;
  }

  /** Draws what a step that trains does with images of this shape. Source: Keras `get_random_transformation`. */
  getRandomTransformation(shape: Shape): Transformation {
    const images = shape.length === 3 ? [1, ...shape] : shape;
    return this.drawTransformation(readImageShape(this.name, images, this.dataFormat));
  }

  /** Does it. Source: Keras `transform_images`. */
  transformImages(input: tf.Tensor, transformation: Transformation): tf.Tensor {
    if (input.rank === 3) return tf.squeeze(this.transformImages(tf.expandDims(input), transformation), [0]);
    return this.inFormat(input, (images) => this.transform(images, transformation));
  }

  protected abstract drawTransformation(images: ImageShape): Transformation;

  /** On `[batch, height, width, channels]`. */
  protected abstract transform(images: tf.Tensor, transformation: Transformation): tf.Tensor;

  protected override process(images: tf.Tensor, { training }: CallContext): tf.Tensor {
    if (!training) return images;
    const [batch = null, height = null, width = null, channels = null] = images.shape;
    return this.transform(images, this.drawTransformation({ batch, height, width, channels }));
  }

  override call(input: tf.Tensor, context: CallContext): tf.Tensor {
    return context.training ? super.call(input, context) : input;
  }

  /** One drawn number for each image. */
  protected drawEach({ batch }: ImageShape, lower: number, upper: number): number[] {
    return Array.from({ length: batch ?? 1 }, () => this.draws.uniform(lower, upper));
  }

  override getConfig(): Record<string, unknown> {
    return { ...super.getConfig(), seed: this.config.seed ?? null };
  }
}

/** What {@link AugmentationConfig} holds, in Keras's config. */
export function readAugmentationConfig(reader: ConfigReader): AugmentationConfig {
  return {
    ...readLayerConfig(reader),
    dataFormat: reader.word("data_format", ["channels_last", "channels_first"]),
    seed: reader.numberOrNull("seed"),
  };
}

/** The range that a factor gives: `[-f, f]` for a number, no lower than `least`. Source: Keras `_set_factor`. */
export function requireFactor(
  owner: string,
  option: string,
  factor: Factor,
  { least, most, open = false }: { readonly least: number; readonly most: number; readonly open?: boolean },
): readonly [number, number] {
  const ends: readonly number[] = isList(factor) ? factor : [factor];
  const fits = (end: unknown): boolean => isWithin(end, least, most) && !(open && end === least);
  if (ends.length > 2 || (isList(factor) && ends.length < 2) || !ends.every(fits)) {
    const range = `${open ? "(" : "["}${least}, ${most}]`;
    throw new InvalidConfigError(owner, option, `a number in ${range}, or two of them`, factor);
  }
  const [first = 0, second] = ends;
  if (second !== undefined) return [Math.min(first, second), Math.max(first, second)];
  return [Math.max(-Math.abs(first), least), Math.abs(first)];
}

/** Smallest and largest value of a pixel. @throws {InvalidConfigError} they are not two numbers. */
export function requireValueRange(owner: string, range: readonly [number, number]): readonly [number, number] {
  const valid = isList(range) && range.length === 2 && range.every((value) => Number.isFinite(value));
  if (!valid) throw new InvalidConfigError(owner, "valueRange", "two numbers", range);
  return range[0] <= range[1] ? range : [range[1], range[0]];
}
