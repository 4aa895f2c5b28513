import { RandomStream } from "@featuremap/tensor";
import type { LayerConfig } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";

export interface RandomLayerConfig extends LayerConfig {
  /** Starts the layer's random stream, in place of the model's; every training call goes on where the last one ended. */
  readonly seed?: number | null | undefined;
}

/**
 * A layer that draws random numbers while it trains.
 *
 * @throws {InvalidConfigError} the seed is not an integer in [0, 2^32).
 */
export abstract class RandomLayer<Config extends RandomLayerConfig> extends Layer<Config> {
  readonly #own: RandomStream | null;

  constructor(config: Config) {
    super(config);
    this.#own = (config.seed ?? null) === null ? null : new RandomStream(config.seed ?? undefined);
  }

  protected override get buildsFromShape(): boolean {
    return false;
  }

  protected override get draws(): RandomStream {
    return this.#own ?? this.random;
  }

  /** The seed in Keras's config. */
  protected get seed(): number | null {
    return this.config.seed ?? null;
  }
}
