import { Option } from "@featuremap/tensor";
import type { PlainOptions } from "../config/configured.ts";
import { positiveOption } from "../config/kinds.ts";
import { LearningRateSchedule, type ScheduleConfig, scheduleOptions } from "./learning-rate-schedule.ts";

export interface PolynomialDecayConfig extends ScheduleConfig {
  readonly initialLearningRate: number;
  /** Steps after which the rate is `endLearningRate`. */
  readonly decaySteps: number;
  /** Default: 0.0001. */
  readonly endLearningRate?: number;
  /** 1 is a straight line. Default: 1. */
  readonly power?: number;
  /** Whether the decay starts anew each time, over a longer way, instead of staying at its end. Default: false. */
  readonly cycle?: boolean;
}

/**
 * `(initialLearningRate - endLearningRate) * (1 - step / decaySteps) ^ power + endLearningRate`, where steps beyond
 * `decaySteps` count as that many.
 *
 * With `cycle`, `decaySteps` is instead multiplied by the least whole number that makes it reach the step.
 * Source: Keras 3 `PolynomialDecay`.
 */
export class PolynomialDecay extends LearningRateSchedule {
  static override readonly className: string = "PolynomialDecay";
  static override readonly options: PlainOptions<PolynomialDecayConfig> = {
    initialLearningRate: Option.nonNegative(),
    decaySteps: positiveOption(),
    endLearningRate: Option.nonNegative().default(0.0001),
    power: Option.number().default(1),
    cycle: Option.flag().default(false),
    ...scheduleOptions,
  };
  readonly config: Required<PolynomialDecayConfig>;

  /** @throws {InvalidConfigError} a rate is negative, `decaySteps` is not positive, or an option is unknown. */
  constructor(config: PolynomialDecayConfig) {
    super(config);
    this.config = this.settle(config, PolynomialDecay.options);
  }

  override at(step: number): number {
    const { initialLearningRate, decaySteps, endLearningRate, power, cycle } = this.config;
    const length = cycle ? decaySteps * Math.max(Math.ceil(step / decaySteps), 1) : decaySteps;
    const done = Math.min(step, length) / length;
    return (initialLearningRate - endLearningRate) * (1 - done) ** power + endLearningRate;
  }
}
