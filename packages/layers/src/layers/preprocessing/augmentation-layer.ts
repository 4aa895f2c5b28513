import { type Options, RandomStream } from "@featuremap/tensor";
import { seedOption } from "../../config/kinds.ts";
import type { ImageShape } from "../../config/options.ts";
import { commonOptions } from "../../layer/layer-config.ts";
import type { FactorRange } from "./factor.ts";
import { type ImageLayerConfig, imageOptions } from "./image-layer.ts";
import { ImageTransformLayer } from "./image-transform-layer.ts";

/** Options of layers that change images at random while they train. */
export interface AugmentationConfig extends ImageLayerConfig {
  /** Starts a random stream of the layer's own, in place of the model's. Each training call continues where the last one ended. */
  readonly seed?: number | null | undefined;
}

const declared = { seed: seedOption() };

/** These options. */
export const augmentationOptions: Options<AugmentationConfig> = {
  dataFormat: imageOptions.dataFormat,
  ...declared,
  ...commonOptions,
};

/**
 * A layer that changes each image in its own way while training; prediction leaves images as they are.
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
    const { seed } = this.settle(declared);
    this.#own = seed === null ? null : new RandomStream(seed);
  }

  protected override get draws(): RandomStream {
    return this.#own ?? this.random;
  }
}

/** One drawn number for each image. */
export function drawEach(random: RandomStream, { batch }: ImageShape, [lower, upper]: FactorRange): number[] {
  return Array.from({ length: batch ?? 1 }, () => random.uniform(lower, upper));
}

/** Whether each image is changed, with a chance drawn for it. */
export function drawChosen(random: RandomStream, images: ImageShape, chances: FactorRange): boolean[] {
  return drawEach(random, images, chances).map((chance) => random.uniform() < chance);
}
