import type { OptionNames } from "@featuremap/tensor";
import { checkNotNegative, checkPositive } from "../config/check-numbers.ts";
import { LearningRateSchedule, type ScheduleConfig, scheduleOptions } from "./learning-rate-schedule.ts";

export interface InverseTimeDecayConfig extends ScheduleConfig {
  readonly initialLearningRate: number;
  /** Steps over which the divisor grows by `decayRate`. */
  readonly decaySteps: number;
  readonly decayRate: number;
  /** Whether the rate changes at whole multiples of `decaySteps` only. Default: false. */
  readonly staircase?: boolean;
}

const options: OptionNames<InverseTimeDecayConfig> = {
  initialLearningRate: true,
  decaySteps: true,
  decayRate: true,
  staircase: true,
  ...scheduleOptions,
};

/**
 * `initialLearningRate / (1 + decayRate * step / decaySteps)`; with `staircase` the quotient of steps is rounded down.
 *
 * Source: Keras 3 `InverseTimeDecay`.
 */
export class InverseTimeDecay extends LearningRateSchedule {
  static override readonly className: string = "InverseTimeDecay";
  readonly config: Required<InverseTimeDecayConfig>;

  /** @throws {InvalidConfigError} a rate is negative, `decaySteps` is not positive, or an option is unknown. */
  constructor(config: InverseTimeDecayConfig) {
    super(config, options, "InverseTimeDecay");
    checkNotNegative("InverseTimeDecay", "initialLearningRate", config.initialLearningRate);
    checkPositive("InverseTimeDecay", "decaySteps", config.decaySteps);
    checkNotNegative("InverseTimeDecay", "decayRate", config.decayRate);
    this.config = { name: this.name, staircase: false, ...config };
  }

  override at(step: number): number {
    const { initialLearningRate, decaySteps, decayRate, staircase } = this.config;
    const periods = step / decaySteps;
    return initialLearningRate / (1 + decayRate * (staircase ? Math.floor(periods) : periods));
  }
}
