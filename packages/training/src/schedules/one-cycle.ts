import { InvalidConfigError, type OptionNames } from "@featuremap/tensor";
import { checkPositive } from "../config/check-numbers.ts";
import { LearningRateSchedule, type ScheduleConfig, scheduleOptions } from "./learning-rate-schedule.ts";

export interface OneCycleConfig extends ScheduleConfig {
  /** The highest rate. */
  readonly maxLearningRate: number;
  /** Steps of all training. */
  readonly totalSteps: number;
  /** Share of the steps in which the rate rises, in (0, 1). Default: 0.3. */
  readonly pctStart?: number;
  /** The first rate is `maxLearningRate / divFactor`. Default: 25. */
  readonly divFactor?: number;
  /** The last rate is the first one over `finalDivFactor`. Default: 10000. */
  readonly finalDivFactor?: number;
  /** Shape of both ways. Default: `cos`. */
  readonly annealStrategy?: "cos" | "linear";
}

const options: OptionNames<OneCycleConfig> = {
  maxLearningRate: true,
  totalSteps: true,
  pctStart: true,
  divFactor: true,
  finalDivFactor: true,
  annealStrategy: true,
  ...scheduleOptions,
};

/**
 * One way up and one way down, for training in few epochs: from `maxLearningRate / divFactor` in step 0 to
 * `maxLearningRate` in step `p = pctStart * totalSteps - 1`, then down to
 * `maxLearningRate / (divFactor * finalDivFactor)` in step `totalSteps - 1`, where it stays.
 *
 * Between two rates `a` and `b`, a share `f` of the way: `b + (a - b) * (1 + cos(pi * f)) / 2`, or `a + (b - a) * f`.
 * Source: Smith and Topin, 2018; the formula is that of PyTorch's `OneCycleLR` with two phases. Keras has none.
 */
export class OneCycle extends LearningRateSchedule {
  static override readonly className: string = "OneCycle";
  readonly config: Required<OneCycleConfig>;

  /** @throws {InvalidConfigError} a number is outside its range, or an option is unknown. */
  constructor(config: OneCycleConfig) {
    super(config, options, "OneCycle");
    this.config = {
      name: this.name,
      pctStart: 0.3,
      divFactor: 25,
      finalDivFactor: 10_000,
      annealStrategy: "cos",
      ...config,
    };
    const { maxLearningRate, totalSteps, pctStart, divFactor, finalDivFactor, annealStrategy } = this.config;
    checkPositive("OneCycle", "maxLearningRate", maxLearningRate);
    if (!(pctStart > 0 && pctStart < 1)) throw new InvalidConfigError("OneCycle", "pctStart", "in (0, 1)", pctStart);
    if (!Number.isInteger(totalSteps) || pctStart * totalSteps <= 1) {
      const expected = `an integer above ${1 / pctStart}, so that a step leads up`;
      throw new InvalidConfigError("OneCycle", "totalSteps", expected, totalSteps);
    }
    checkPositive("OneCycle", "divFactor", divFactor);
    checkPositive("OneCycle", "finalDivFactor", finalDivFactor);
    if (annealStrategy !== "cos" && annealStrategy !== "linear") {
      throw new InvalidConfigError("OneCycle", "annealStrategy", '"cos" or "linear"', annealStrategy);
    }
  }

  override at(step: number): number {
    const { maxLearningRate, totalSteps, pctStart, divFactor, finalDivFactor } = this.config;
    const first = maxLearningRate / divFactor;
    const peak = pctStart * totalSteps - 1;
    if (step <= peak) return this.#between(first, maxLearningRate, step / peak);
    const done = Math.min((step - peak) / (totalSteps - 1 - peak), 1);
    return this.#between(maxLearningRate, first / finalDivFactor, done);
  }

  #between(from: number, to: number, done: number): number {
    if (this.config.annealStrategy === "linear") return from + (to - from) * done;
    return to + ((from - to) * (1 + Math.cos(Math.PI * done))) / 2;
  }
}
