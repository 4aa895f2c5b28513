import { InvalidConfigError, type OptionNames, type Shape } from "@featuremap/tensor";
import type * as tf from "@tensorflow/tfjs-core";
import type { ConfigReader } from "../../config/config-reader.ts";
import { layerOptions } from "../../layer/layer-config.ts";
import type { CallContext } from "../../layer/layer.ts";
import { readLayerConfig } from "../../layer/reading/read-config.ts";
import { isWithin } from "../../config/options.ts";
import { RandomLayer, type RandomLayerConfig } from "./random-layer.ts";

/** What layers take that drop elements. */
export interface DropoutConfig extends RandomLayerConfig {
  /** Probability that an element drops, in [0, 1]. */
  readonly rate: number;
  /** Shape of the mask; axes of length 1 drop together. `null` for the input's own length. */
  readonly noiseShape?: Shape | null | undefined;
}

/** The names of these options. */
export const dropoutOptions: OptionNames<DropoutConfig> = {
  rate: true,
  noiseShape: true,
  seed: true,
  ...layerOptions,
};

/** A layer that drops random elements while it trains. */
export abstract class DropoutLayer extends RandomLayer<DropoutConfig> {
  constructor(config: DropoutConfig) {
    super(config);
    if (!isWithin(config.rate, 0, 1)) {
      throw new InvalidConfigError(this.className, "rate", "in [0, 1]", config.rate);
    }
  }

  override outputShape(input: Shape): Shape {
    return input;
  }

  /** Drops elements by the mask that belongs to the seed. */
  protected abstract drop(input: tf.Tensor, seed: number, maskShape: readonly number[]): tf.Tensor;

  override call(input: tf.Tensor, { training }: CallContext): tf.Tensor {
    const { rate, noiseShape } = this.config;
    if (!training || rate === 0) return input;
    const maskShape = noiseShape?.map((length, axis) => length ?? input.shape[axis] ?? 1) ?? input.shape;
    return this.drop(input, this.draws.uint32(), maskShape);
  }

  override getConfig(): Record<string, unknown> {
    const { rate, noiseShape = null } = this.config;
    return { ...super.getConfig(), rate, seed: this.seed, noise_shape: noiseShape };
  }
}

/** The options of such a layer in Keras's config. */
export function readDropoutConfig(reader: ConfigReader): DropoutConfig {
  const noise = reader.take("noise_shape");
  return {
    ...readLayerConfig(reader),
    rate: reader.number("rate") ?? Number.NaN,
    seed: reader.numberOrNull("seed"),
    noiseShape: noise === null ? null : reader.shape("noise_shape"),
  };
}
