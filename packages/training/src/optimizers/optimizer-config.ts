import { InvalidConfigError, type OptionNames } from "@featuremap/tensor";
import { checkFraction, checkInteger, checkNotNegative, checkPositive } from "../config/check-numbers.ts";
import type { LearningRateSchedule } from "../schedules/learning-rate-schedule.ts";
import type { Clipping } from "./parts/clip-gradients.ts";

/** What every optimizer takes beside its own options. */
export interface OptimizerConfig extends Clipping {
  /** Length of a step, or what gives it for each. */
  readonly learningRate?: number | LearningRateSchedule;
  /** Share of itself, times the learning rate, that every weight loses before each step. Default: 0, AdamW's 0.004. */
  readonly weightDecay?: number | null;
  /** Whether to keep a moving mean of every weight, which takes the weight's place when `fit` ends. Default: false. */
  readonly useEma?: boolean;
  /** Share of the past in that mean, in [0, 1). Default: 0.99. */
  readonly emaMomentum?: number;
  /** Every so many steps the means take the weights' places. Default: only when `fit` ends. */
  readonly emaOverwriteFrequency?: number | null;
  /** Gradients of so many batches are averaged to one step. Default: each batch is a step. */
  readonly gradientAccumulationSteps?: number | null;
  /** What to call it; nothing depends on it. Default: the class's `className` in snake_case, as in Keras. */
  readonly name?: string;
}

/** For subclasses to list their own options beside. */
export const optimizerOptions: OptionNames<OptimizerConfig> = {
  learningRate: true,
  weightDecay: true,
  clipnorm: true,
  clipvalue: true,
  globalClipnorm: true,
  useEma: true,
  emaMomentum: true,
  emaOverwriteFrequency: true,
  gradientAccumulationSteps: true,
  name: true,
};

/** @throws {InvalidConfigError} an option is outside its range, or more than one kind of clipping is asked for. */
export function checkOptimizerConfig(owner: string, config: OptimizerConfig): void {
  const clippings = (["clipnorm", "clipvalue", "globalClipnorm"] as const).filter(
    (name) => (config[name] ?? undefined) !== undefined,
  );
  if (clippings.length > 1) {
    throw new InvalidConfigError(owner, "clipnorm, clipvalue and globalClipnorm", "given one at a time", clippings);
  }
  for (const name of clippings) checkPositive(owner, name, config[name] ?? Number.NaN);
  checkNotNegative(owner, "weightDecay", config.weightDecay ?? 0);
  checkFraction(owner, "emaMomentum", config.emaMomentum ?? 0);
  checkInteger(owner, "emaOverwriteFrequency", config.emaOverwriteFrequency ?? 1, 1);
  checkInteger(owner, "gradientAccumulationSteps", config.gradientAccumulationSteps ?? 1, 1);
}
