import { InvalidConfigError, type OptionNames, RandomStream, type Shape } from "@featuremap/tensor";
import { isWithin } from "./options.ts";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../config-reader.ts";
import { type LayerConfig, layerOptions } from "../layer-config.ts";
import { type CallContext, Layer } from "../layer.ts";
import { dropout } from "../operations/dropout.ts";

export interface DropoutConfig extends LayerConfig {
  /** Probability that an element becomes zero, in [0, 1]. */
  readonly rate: number;
  /** Starts the mask stream, in place of the model's; every training call takes the next mask. */
  readonly seed?: number | null | undefined;
  /** Shape of the mask; axes of length 1 drop together. `null` for the input's own length. */
  readonly noiseShape?: Shape | null | undefined;
}

/**
 * Zeroes random elements while training, and rescales the rest so the mean is kept.
 *
 * Training: `y = x * mask / (1 - rate)`, nothing but zeros where the rate is 1. Prediction: `y = x`.
 * Shape: `[batch, ...]` to the same shape.
 * Source: Srivastava et al., JMLR 15, 2014 (inverted form); Keras `Dropout`.
 *
 * @throws {InvalidConfigError} `rate` is outside [0, 1], or the seed is no integer in [0, 2^32).
 */
export class Dropout extends Layer<DropoutConfig> {
  static override readonly className = "Dropout";
  static override readonly options: OptionNames<DropoutConfig> = {
    rate: true,
    noiseShape: true,
    seed: true,
    ...layerOptions,
  };
  readonly #own: RandomStream | null;

  constructor(config: DropoutConfig) {
    super(config);
    if (!isWithin(config.rate, 0, 1)) {
      throw new InvalidConfigError("Dropout", "rate", "in [0, 1]", config.rate);
    }
    this.#own = (config.seed ?? null) === null ? null : new RandomStream(config.seed ?? undefined);
  }

  protected override get draws(): RandomStream {
    return this.#own ?? this.random;
  }

  protected override get buildsFromShape(): boolean {
    return false;
  }

  override outputShape(input: Shape): Shape {
    return input;
  }

  override call(input: tf.Tensor, { training }: CallContext): tf.Tensor {
    const { rate, noiseShape } = this.config;
    if (!training || rate === 0) return input;
    const maskShape = noiseShape?.map((length, axis) => length ?? input.shape[axis] ?? 1) ?? input.shape;
    return dropout(input, rate, this.draws.uint32(), maskShape);
  }

  override getConfig(): Record<string, unknown> {
    const { rate, seed = null, noiseShape = null } = this.config;
    return { ...super.getConfig(), rate, seed, noise_shape: noiseShape };
  }

  static fromConfig(reader: ConfigReader): Dropout {
    const noise = reader.take("noise_shape");
    return new Dropout({
      ...reader.base(),
      rate: reader.number("rate") ?? Number.NaN,
      seed: reader.numberOrNull("seed"),
      noiseShape: noise === null ? null : reader.shape("noise_shape"),
    });
  }
}
