import { asOptions } from "../config/check-options.ts";
import { Adam, type AdamConfig, adamOptions } from "./adam.ts";

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
  /** @throws {InvalidConfigError} as {@link Adam}. */
  constructor(config: AdamWConfig = {}) {
    super({ weightDecay: 0.004, ...asOptions("AdamW", config, adamOptions) });
  }
}
