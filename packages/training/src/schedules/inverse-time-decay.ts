import { Option } from "@featuremap/tensor";
import type { PlainOptions } from "../config/configured.ts";
import { positiveOption } from "../config/kinds.ts";
import { LearningRateSchedule, type ScheduleConfig, scheduleOptions } from "./learning-rate-schedule.ts";

export interface InverseTimeDecayConfig extends ScheduleConfig {
  readonly initialLearningRate: number;
  /** Steps over which the divisor grows by `decayRate`. */
  readonly decaySteps: number;
  readonly decayRate: number;
  /** Whether the rate changes at whole multiples of `decaySteps` only. Default: false. */
  readonly staircase?: boolean;
}

/**
 * `initialLearningRate / (1 + decayRate * step / decaySteps)`; with `staircase` the quotient of steps is rounded down.
 *
 * Source: Keras 3 `InverseTimeDecay`.
 */
export class InverseTimeDecay extends LearningRateSchedule {
  static override readonly className: string = "InverseTimeDecay";
  static override readonly options: PlainOptions<InverseTimeDecayConfig> = {
    initialLearningRate: Option.nonNegative(),
    decaySteps: positiveOption(),
    decayRate: Option.nonNegative(),
    staircase: Option.flag().default(false),
    ...scheduleOptions,
  };
  readonly config: Required<InverseTimeDecayConfig>;

  /** @throws {InvalidConfigError} a rate is negative, `decaySteps` is not positive, or an option is unknown. */
  constructor(config: InverseTimeDecayConfig) {
    super(config);
    this.config = this.settle(config, InverseTimeDecay.options);
  }

  override at(step: number): number {
    const { initialLearningRate, decaySteps, decayRate, staircase } = this.config;
    const periods = step / decaySteps;
    return initialLearningRate / (1 + decayRate * (staircase ? Math.floor(periods) : periods));
  }
}
