import { Option } from "@featuremap/tensor";
import type { KnownClasses } from "../config/object-option.ts";
import type { PlainOptions } from "../config/configured.ts";
import { LearningRateSchedule, type ScheduleConfig, scheduleOptions } from "./learning-rate-schedule.ts";
import { plainSchedules } from "./plain-schedules.ts";
import { rateOption } from "./rate-option.ts";

export interface WarmupConfig extends ScheduleConfig {
  /** What follows: a rate, or a schedule, which counts its steps from the end of the warm-up. */
  readonly learningRate: number | LearningRateSchedule;
  /** Steps of the warm-up. */
  readonly warmupSteps: number;
  /** The rate of the first step. Default: 0. */
  readonly initialLearningRate?: number;
}

/**
 * A warm-up in front of any rate or schedule: `first + (target - first) * step / warmupSteps`, where `target` is the first
 * rate of what follows, then what follows.
 *
 * Source: Goyal et al., 2017, as the warm-up in Keras 3 `CosineDecay`. Keras has none for other schedules.
 */
export class Warmup extends LearningRateSchedule {
  static override readonly className: string = "Warmup";
  static override readonly options: PlainOptions<WarmupConfig> = {
    learningRate: rateOption(() => knownSchedules),
    warmupSteps: Option.nonNegative(),
    initialLearningRate: Option.nonNegative().default(0),
    ...scheduleOptions,
  };
  readonly config: Required<WarmupConfig>;

  /** @throws {InvalidConfigError} a number is negative, `learningRate` is neither, or an option is unknown. */
  constructor(config: WarmupConfig) {
    super(config);
    this.config = this.settle(config, Warmup.options);
  }

  override at(step: number): number {
    const { warmupSteps, initialLearningRate } = this.config;
    if (step >= warmupSteps) return this.#following(step - warmupSteps);
    return initialLearningRate + (this.#following(0) - initialLearningRate) * (step / warmupSteps);
  }

  #following(step: number): number {
    const { learningRate } = this.config;
    return typeof learningRate === "number" ? learningRate : learningRate.at(step);
  }
}

/** All schedules, as Warmup is the one that holds another. */
export const knownSchedules: KnownClasses<LearningRateSchedule> = {
  ...plainSchedules,
  others: [...plainSchedules.others, Warmup],
};
