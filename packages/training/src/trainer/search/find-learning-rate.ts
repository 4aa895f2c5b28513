import {
  InvalidConfigError,
  NonFiniteError,
  Option,
  type Options,
  checkOptions,
  settleOptions,
} from "@featuremap/tensor";
import { callOption, functionCheck } from "../../config/call-option.ts";
import { fractionOption, positiveOption } from "../../config/kinds.ts";
import { classNameOf } from "../../config/class-name.ts";
import { arraysOf } from "../../data/arrays-of-batch.ts";
import { type LabelledData, toSource } from "../../data/to-source.ts";
import { inputNames, outputNames } from "../../step/output-plan.ts";
import type { TrainingBatch, TrainingSource } from "../../data/training-batch.ts";
import { type LearningRateSuggestions, suggestRates } from "./suggest-rates.ts";
import { remember } from "./remember.ts";
import { signalOption } from "../call-options.ts";
import { Trainer } from "../trainer.ts";

export interface FindLearningRateOptions {
  /** The first rate. Default: 1e-6. */
  readonly minLearningRate?: number;
  /** The rate of the last step, if the loss lets it come so far. Default: 1. */
  readonly maxLearningRate?: number;
  /** Default: 100. */
  readonly steps?: number;
  /** Share of the past in the smoothed loss, in [0, 1). Default: 0.9. */
  readonly smoothing?: number;
  /** The sweep ends where the smoothed loss is so many times its least. Default: 4. */
  readonly divergence?: number;
  readonly signal?: AbortSignal;
  /** Hears of each step. */
  readonly onStep?: (step: LearningRateStep) => void;
}

/** One step of a sweep. */
export interface LearningRateStep {
  /** From 1. */
  readonly step: number;
  /** That there are at most. */
  readonly steps: number;
  readonly learningRate: number;
  /** Before the step, on its batch. */
  readonly loss: number;
  /** The moving mean of all losses so far. */
  readonly smoothedLoss: number;
}

/** The loss of each step of a sweep, in which the learning rate grew. */
export interface LearningRateCurve {
  readonly learningRates: readonly number[];
  /** Before each step, on its batch. */
  readonly losses: readonly number[];
  /** Their moving mean, corrected for its start. */
  readonly smoothedLosses: readonly number[];
  /** The rate at which the smoothed loss fell the steepest, `suggestions.steep`; undefined if it never fell. */
  readonly suggestion: number | undefined;
  /** What each way to read the curve suggests. */
  readonly suggestions: LearningRateSuggestions;
}

const declared = {
  minLearningRate: positiveOption().default(1e-6),
  maxLearningRate: positiveOption().default(1),
  steps: Option.integer().default(100),
  smoothing: fractionOption().default(0.9),
  divergence: Option.within("a number of at least 1", (value) => value >= 1).default(4),
  signal: signalOption,
  onStep: callOption(functionCheck<(step: LearningRateStep) => void>(), undefined),
} satisfies Options<FindLearningRateOptions>;

/**
 * Finds a learning rate: trains with one that grows from step to step by a constant factor, and looks where the loss
 * falls the steepest over the rate's logarithm. Weights, optimizer and random streams are then what they were.
 *
 * Source: Smith, WACV 2017. Keras has none.
 *
 * @throws {InvalidConfigError} an option is invalid, or a schedule decides the optimizer's learning rate.
 */
export async function findLearningRate(
  trainer: Trainer,
  data: LabelledData,
  options: FindLearningRateOptions = {},
): Promise<LearningRateCurve> {
  const owner = "findLearningRate";
  checkOptions(owner, options, declared);
  const settled = settleOptions(owner, options, declared);
  const { minLearningRate, maxLearningRate, steps, smoothing, divergence, signal, onStep } = settled;
  if (!(maxLearningRate > minLearningRate)) {
    throw new InvalidConfigError(owner, "maxLearningRate", `above ${minLearningRate}`, maxLearningRate);
  }
  if (!(trainer instanceof Trainer)) throw new InvalidConfigError(owner, "trainer", "a Trainer", trainer);
  const { optimizer } = trainer;
  if (optimizer.schedule !== undefined) {
    throw new InvalidConfigError(owner, "learningRate of the optimizer", "a number", classNameOf(optimizer.schedule));
  }
  const source = await sourceFor(owner, trainer, data);
  const learningRates: number[] = [];
  const losses: number[] = [];
  const smoothedLosses: number[] = [];
  let [mean, least] = [0, Number.POSITIVE_INFINITY];
  let restore: (() => void) | undefined;
  try {
    for await (const batch of endless(source)) {
      if (signal?.aborted || losses.length === steps) break;
      restore ??= await remember(trainer, batch);
      const rate = minLearningRate * (maxLearningRate / minLearningRate) ** (losses.length / Math.max(steps - 1, 1));
      optimizer.learningRate = rate;
      const loss = (await trainer.trainOnBatch(arraysOf(batch)))["loss"] ?? Number.NaN;
      mean = smoothing * mean + (1 - smoothing) * loss;
      const smoothed = mean / (1 - smoothing ** (losses.length + 1));
      learningRates.push(rate);
      losses.push(loss);
      smoothedLosses.push(smoothed);
      onStep?.({ step: losses.length, steps, learningRate: rate, loss, smoothedLoss: smoothed });
      least = Math.min(least, smoothed);
      if (smoothed > divergence * least) break;
    }
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error;
  } finally {
    restore?.();
    await source.close?.();
  }
  const suggestions = suggestRates(learningRates, smoothedLosses);
  return { learningRates, losses, smoothedLosses, suggestion: suggestions.steep, suggestions };
}

async function sourceFor(owner: string, { model }: Trainer, data: LabelledData): Promise<TrainingSource> {
  const ends = { inputs: inputNames(model), outputs: outputNames(model) };
  const source = await toSource(data, { owner, ends });
  return source.batches({ seed: model.config.seed, ...source.ownOrder });
}

async function* endless(source: TrainingSource): AsyncGenerator<TrainingBatch, void> {
  for (let epoch = 0; ; epoch++) yield* source.batches(epoch);
}
