import { InvalidConfigError, Option } from "@featuremap/tensor";
import type { PlainOptions } from "../config/configured.ts";
import { positiveOption } from "../config/kinds.ts";
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
  static override readonly options: PlainOptions<OneCycleConfig> = {
    maxLearningRate: positiveOption(),
    totalSteps: Option.integer(),
    pctStart: Option.within("in (0, 1)", (value) => value > 0 && value < 1).default(0.3),
    divFactor: positiveOption().default(25),
    finalDivFactor: positiveOption().default(10_000),
    annealStrategy: Option.word<"cos" | "linear">(["cos", "linear"], '"cos" or "linear"').default("cos"),
    ...scheduleOptions,
  };
  readonly config: Required<OneCycleConfig>;

  /** @throws {InvalidConfigError} a number is outside its range, or an option is unknown. */
  constructor(config: OneCycleConfig) {
    super(config);
    this.config = this.settle(config, OneCycle.options);
    const { totalSteps, pctStart } = this.config;
    if (pctStart * totalSteps <= 1) {
      const expected = `an integer above ${1 / pctStart}, so that a step leads up`;
      throw new InvalidConfigError("OneCycle", "totalSteps", expected, totalSteps);
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
