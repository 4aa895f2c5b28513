import { Option, RandomStream } from "@featuremap/tensor";
import type { LayerConfig } from "../../layer/layer-config.ts";
import { Layer } from "../../layer/layer.ts";

export interface RandomLayerConfig extends LayerConfig {
  /** Starts the layer's random stream, in place of the model's; every training call goes on where the last one ended. */
  readonly seed?: number | null | undefined;
}

/** A rate below 1, at which something is left. */
export const rateBelowOne: Option<number> = Option.within("in [0, 1)", (rate) => rate >= 0 && rate < 1);

/** A layer that draws random numbers while it trains. */
export abstract class RandomLayer<Config extends RandomLayerConfig> extends Layer<Config> {
  /** Starts a random stream of the layer's own; `null` for the model's. */
  abstract readonly seed: number | null;
  #own: RandomStream | undefined;

  protected override get buildsFromShape(): boolean {
    return false;
  }

  override usualTraining(): boolean {
    return false;
  }

  protected override get draws(): RandomStream {
    if (this.seed === null) return this.random;
    this.#own ??= new RandomStream(this.seed);
    return this.#own;
  }
}
