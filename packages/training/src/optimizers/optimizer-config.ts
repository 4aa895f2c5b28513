import { InvalidConfigError, Option } from "@featuremap/tensor";
import type { PlainOptions } from "../config/configured.ts";
import { fractionOption, nameOption, positiveOption } from "../config/kinds.ts";
import type { LearningRateSchedule } from "../schedules/learning-rate-schedule.ts";
import { rateOption } from "../schedules/rate-option.ts";
import { knownSchedules } from "../schedules/warmup.ts";
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

const common = {
  weightDecay: Option.nonNegative().orNull(),
  clipnorm: positiveOption().orNull(),
  clipvalue: positiveOption().orNull(),
  globalClipnorm: positiveOption().orNull(),
  useEma: Option.flag().default(false),
  emaMomentum: fractionOption().default(0.99),
  emaOverwriteFrequency: Option.integer().orNull(),
  gradientAccumulationSteps: Option.integer().orNull(),
  name: nameOption,
};

/** The learning rate, which each optimizer gives its own default. */
const learningRate: Option<number | LearningRateSchedule> = rateOption(() => knownSchedules);

/** For subclasses to declare their own options beside, as their `static options`. */
export const optimizerOptions: PlainOptions<OptimizerConfig> = {
  learningRate: learningRate.default(undefined),
  ...common,
};

/** These options with an optimizer's own among them, in the order of Keras's signatures. @param usualRate the default learning rate */
export function optimizerOptionsWith<Own extends object>(
  usualRate: number,
  own: Own,
): Own & PlainOptions<OptimizerConfig> {
  return { learningRate: learningRate.default(usualRate), ...own, ...common };
}

/** @throws {InvalidConfigError} more than one kind of clipping is asked for. */
export function checkClipping(owner: string, clipping: Clipping): void {
  const names = (["clipnorm", "clipvalue", "globalClipnorm"] as const).filter((name) => clipping[name] !== null);
  if (names.length <= 1) return;
  throw new InvalidConfigError(owner, "clipnorm, clipvalue and globalClipnorm", "given one at a time", names);
}
