import { InvalidConfigError, type OptionNames } from "@featuremap/tensor";
import { checkNotNegative } from "../config/check-numbers.ts";
import { LearningRateSchedule, type ScheduleConfig, scheduleOptions } from "./learning-rate-schedule.ts";

export interface WarmupConfig extends ScheduleConfig {
  /** What follows: a rate, or a schedule, which counts its steps from the end of the warm-up. */
  readonly learningRate: number | LearningRateSchedule;
  /** Steps of the warm-up. */
  readonly warmupSteps: number;
  /** The rate of the first step. Default: 0. */
  readonly initialLearningRate?: number;
}

const options: OptionNames<WarmupConfig> = {
  learningRate: true,
  warmupSteps: true,
  initialLearningRate: true,
  ...scheduleOptions,
};

/**
 * A warm-up in front of any rate or schedule: `first + (target - first) * step / warmupSteps`, where `target` is the first
 * rate of what follows, then what follows.
 *
 * Source: Goyal et al., 2017, as the warm-up in Keras 3 `CosineDecay`. Keras has none for other schedules.
 */
export class Warmup extends LearningRateSchedule {
  static override readonly className: string = "Warmup";
  readonly config: Required<WarmupConfig>;

  /** @throws {InvalidConfigError} a number is negative, `learningRate` is neither, or an option is unknown. */
  constructor(config: WarmupConfig) {
    super(config, options, "Warmup");
    this.config = { name: this.name, initialLearningRate: 0, ...config };
    const { learningRate, warmupSteps, initialLearningRate } = this.config;
    if (typeof learningRate === "number") checkNotNegative("Warmup", "learningRate", learningRate);
    else if (!(learningRate instanceof LearningRateSchedule)) {
      throw new InvalidConfigError("Warmup", "learningRate", "a number or a LearningRateSchedule", learningRate);
    }
    checkNotNegative("Warmup", "warmupSteps", warmupSteps);
    checkNotNegative("Warmup", "initialLearningRate", initialLearningRate);
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
