import type { OptionNames } from "@featuremap/tensor";
import { checkNotNegative, checkPositive } from "../config/check-numbers.ts";
import { LearningRateSchedule, type ScheduleConfig, scheduleOptions } from "./learning-rate-schedule.ts";

export interface ExponentialDecayConfig extends ScheduleConfig {
  readonly initialLearningRate: number;
  /** Steps over which the rate is multiplied by `decayRate` once. */
  readonly decaySteps: number;
  readonly decayRate: number;
  /** Whether the rate changes at whole multiples of `decaySteps` only. Default: false. */
  readonly staircase?: boolean;
}

const options: OptionNames<ExponentialDecayConfig> = {
  initialLearningRate: true,
  decaySteps: true,
  decayRate: true,
  staircase: true,
  ...scheduleOptions,
};

/**
 * `initialLearningRate * decayRate ^ (step / decaySteps)`; with `staircase` the exponent is rounded down.
 *
 * Source: Keras 3 `ExponentialDecay`.
 */
export class ExponentialDecay extends LearningRateSchedule {
  static override readonly className: string = "ExponentialDecay";
  readonly config: Required<ExponentialDecayConfig>;

  /** @throws {InvalidConfigError} a rate is negative, `decaySteps` is not positive, or an option is unknown. */
  constructor(config: ExponentialDecayConfig) {
    super(config, options, "ExponentialDecay");
    checkNotNegative("ExponentialDecay", "initialLearningRate", config.initialLearningRate);
    checkPositive("ExponentialDecay", "decaySteps", config.decaySteps);
    checkNotNegative("ExponentialDecay", "decayRate", config.decayRate);
    this.config = { name: this.name, staircase: false, ...config };
  }

  override at(step: number): number {
    const { initialLearningRate, decaySteps, decayRate, staircase } = this.config;
    const periods = step / decaySteps;
    return initialLearningRate * decayRate ** (staircase ? Math.floor(periods) : periods);
  }
}
