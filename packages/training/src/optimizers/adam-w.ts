import { InvalidConfigError, Option } from "@featuremap/tensor";
import type { PlainOptions } from "../config/configured.ts";
import { Adam, type AdamConfig } from "./adam.ts";

export interface AdamWConfig extends AdamConfig {
  /** Share of itself, times the learning rate, that every weight loses before each step. Default: 0.004. */
  readonly weightDecay?: number;
}

/**
 * Adam with a weight decay of its own, apart from the gradient: `w = w - learningRate * weightDecay * w`, then Adam's
 * step.
 *
 * Source: Loshchilov and Hutter, ICLR 2019; Keras 3 `AdamW`.
 */
export class AdamW extends Adam {
  static override readonly className: string = "AdamW";
  static override readonly options: PlainOptions<AdamConfig> = {
    ...Adam.options,
    weightDecay: Option.nonNegative().orNull().default(0.004),
  };

  /** @throws {InvalidConfigError} as {@link Adam}, or `weightDecay` is `null`, which Keras refuses too. */
  constructor(config: AdamWConfig = {}) {
    super(config);
    if (config.weightDecay === null)
      throw new InvalidConfigError("AdamW", "weightDecay", "a number of at least 0", null);
  }
}
