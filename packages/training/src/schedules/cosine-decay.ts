import { Option } from "@featuremap/tensor";
import type { PlainOptions } from "../config/configured.ts";
import { positiveOption } from "../config/kinds.ts";
import { LearningRateSchedule, type ScheduleConfig, scheduleOptions } from "./learning-rate-schedule.ts";

export interface CosineDecayConfig extends ScheduleConfig {
  readonly initialLearningRate: number;
  /** Steps of the decay, those of the warm-up not counted. */
  readonly decaySteps: number;
  /** Share of the rate that is left at the end. Default: 0. */
  readonly alpha?: number;
  /** Rate to which a warm-up leads in a straight line, and from which the decay then starts. Default: no warm-up. */
  readonly warmupTarget?: number | null;
  /** Steps of the warm-up. Default: 0. */
  readonly warmupSteps?: number;
}

/**
 * Half a cosine wave down: `rate * ((1 - alpha) * (1 + cos(pi * step / decaySteps)) / 2 + alpha)`, then constant.
 *
 * Source: Loshchilov and Hutter, ICLR 2017; Keras 3 `CosineDecay`.
 */
export class CosineDecay extends LearningRateSchedule {
  static override readonly className: string = "CosineDecay";
  static override readonly options: PlainOptions<CosineDecayConfig> = {
    initialLearningRate: Option.nonNegative(),
    decaySteps: positiveOption(),
    alpha: Option.nonNegative().default(0),
    ...scheduleOptions,
    warmupTarget: Option.nonNegative().orNull(),
    warmupSteps: Option.nonNegative().default(0),
  };
  readonly config: Required<CosineDecayConfig>;

  /** @throws {InvalidConfigError} a number is negative, `decaySteps` is not positive, or an option is unknown. */
  constructor(config: CosineDecayConfig) {
    super(config);
    this.config = this.settle(config, CosineDecay.options);
  }

  override at(step: number): number {
    const { initialLearningRate, warmupTarget, warmupSteps } = this.config;
    if (warmupTarget === null) return this.#decayed(initialLearningRate, step);
    if (step >= warmupSteps) return this.#decayed(warmupTarget, step - warmupSteps);
    return initialLearningRate + (warmupTarget - initialLearningRate) * (step / warmupSteps);
  }

  #decayed(rate: number, step: number): number {
    const { decaySteps, alpha } = this.config;
    const wave = (1 + Math.cos((Math.PI * Math.min(step, decaySteps)) / decaySteps)) / 2;
    return rate * ((1 - alpha) * wave + alpha);
  }
}
