import { Option } from "@featuremap/tensor";
import type { PlainOptions } from "../config/configured.ts";
import { positiveOption } from "../config/kinds.ts";
import { LearningRateSchedule, type ScheduleConfig, scheduleOptions } from "./learning-rate-schedule.ts";

export interface ExponentialDecayConfig extends ScheduleConfig {
  readonly initialLearningRate: number;
  /** Steps over which the rate is multiplied by `decayRate` once. */
  readonly decaySteps: number;
  readonly decayRate: number;
  /** Whether the rate changes at whole multiples of `decaySteps` only. Default: false. */
  readonly staircase?: boolean;
}

/**
 * `initialLearningRate * decayRate ^ (step / decaySteps)`; with `staircase` the exponent is rounded down.
 *
 * Source: Keras 3 `ExponentialDecay`.
 */
export class ExponentialDecay extends LearningRateSchedule {
  static override readonly className: string = "ExponentialDecay";
  static override readonly options: PlainOptions<ExponentialDecayConfig> = {
    initialLearningRate: Option.nonNegative(),
    decaySteps: positiveOption(),
    decayRate: Option.nonNegative(),
    staircase: Option.flag().default(false),
    ...scheduleOptions,
  };
  readonly config: Required<ExponentialDecayConfig>;

  /** @throws {InvalidConfigError} a rate is negative, `decaySteps` is not positive, or an option is unknown. */
  constructor(config: ExponentialDecayConfig) {
    super(config);
    this.config = this.settle(config, ExponentialDecay.options);
  }

  override at(step: number): number {
    const { initialLearningRate, decaySteps, decayRate, staircase } = this.config;
    const periods = step / decaySteps;
    return initialLearningRate * decayRate ** (staircase ? Math.floor(periods) : periods);
  }
}
