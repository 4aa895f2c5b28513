import { Option, type OptionNames } from "@featuremap/tensor";
import { anything, callOption } from "../config/call-option.ts";
import type { PlainOptions } from "../config/configured.ts";
import type { Callback } from "../run/callback.ts";
import type { Minutes } from "../run/every-minutes.ts";
import { type Verbosity, checkVerbosity } from "../callbacks/progress-lines.ts";
import { signalOption } from "./call-options.ts";
import type { ArrayData } from "../data/array-data.ts";
import type { LabelledData } from "../data/to-source.ts";
import type { SomePerName } from "../data/by-name.ts";
import type { ClassWeight } from "../data/training-batch.ts";
import type { LossWeights, MetricsPerOutput, PlanConfig } from "../step/output-plan.ts";
import type { LossChoice } from "../losses/resolve-loss.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { OptimizerName } from "../optimizers/resolve-optimizer.ts";

/** Options of which any may be null, as Keras takes None for one that is not given. */
export type OrNull<Options> = { readonly [Name in keyof Options]: Options[Name] | null };

/** What Keras's `compile` takes. Names stand for the object with its defaults. */
export interface TrainerConfig extends PlanConfig {
  /** Default: `rmsprop`. */
  readonly optimizer?: OptimizerName | Optimizer | null;
  /**
   * One for all outputs of the model, or one for each. An output whose loss is null, or left out by name, adds nothing to
   * the loss, and weights that lead to no other stay as they are.
   *
   * Without any, a trainer can only predict.
   *
   * @differs with several outputs each logged loss is the mean over examples; Keras, unless it runs eagerly, averages
   * the batches' means
   */
  readonly loss?: SomePerName<LossChoice> | null | undefined;
  /** Share of each output's loss in the whole. Default: 1 each. */
  readonly lossWeights?: LossWeights | null;
  /** For several outputs a list for each, in their order or by their names. Default: none. */
  readonly metrics?: MetricsPerOutput | null;
  /**
   * Metrics in which examples count as much as sample weights and class weights say; as `metrics`. Default: none.
   * One whose name `metrics` has too is logged with `weighted_` before it.
   */
  readonly weightedMetrics?: MetricsPerOutput | null;
}

export interface FitOptions {
  /** The epoch before which training ends, counted from 0; the number of epochs, if `initialEpoch` is 0. Default: 1. */
  readonly epochs?: number;
  /** The first epoch, to go on where an earlier call ended. Default: 0. */
  readonly initialEpoch?: number;
  /** For arrays; batch sources have their own. Default: 32. */
  readonly batchSize?: number;
  /**
   * For arrays: whether every epoch has an order of its own, which depends on the arrays' seed, else the model's. Batch
   * sources have orders of their own. Default: true, as in Keras.
   */
  readonly shuffle?: boolean;
  /**
   * Batches of an epoch, which goes on in the data where the one before ended. As in Keras, the end of arrays ends an
   * epoch too, whatever is missing, and the next begins them anew; batch sources begin anew at once, as `repeat()` of
   * `tf.data` makes them. Default: all.
   *
   * @differs batches of `@featuremap/datasets` start again within an epoch, as if by `repeat()`
   */
  readonly stepsPerEpoch?: number;
  /**
   * Data on which the model is evaluated after each epoch.
   *
   * @differs also takes `{ x, y, sampleWeight }`
   */
  readonly validationData?: LabelledData;
  /** @differs the same as `validationData` */
  readonly validation?: LabelledData;
  /** For arrays: share of the examples, the last of them, that is kept for validation, in (0, 1). Default: none. */
  readonly validationSplit?: number;
  /** Batches of each validation, the first of them. Default: all. */
  readonly validationSteps?: number;
  /** For arrays to validate with. Default: the arrays' own, else `batchSize`, else 32. */
  readonly validationBatchSize?: number;
  /** Validation follows every so many epochs, or those epochs, counted from 1. Default: 1. */
  readonly validationFreq?: number | readonly number[];
  /**
   * How much examples of each class count in the loss; 1, if a class is left out. For one output. Default: none.
   *
   * @differs can be combined with sample weights, which it multiplies
   */
  readonly classWeight?: ClassWeight;
  readonly callbacks?: readonly Callback[];
  /**
   * What to say on the console: 0 nothing, 1 a line every five seconds and epoch, 2 a line an epoch. Default: 0.
   *
   * @differs defaults to 0; 1 prints lines instead of a bar
   */
  readonly verbose?: Verbosity;
  /** @differs an `AbortSignal` ends training after the current step, and keeps weights and history */
  readonly signal?: AbortSignal;
  /**
   * Ends training after the step under way when so much time has passed since the call; a validation under way goes on to
   * its end. Another `fit` with `BackupAndRestore` goes on there. Default: none.
   */
  readonly timeLimit?: Minutes;
}

/** Options beside `(x, y)`. */
export interface ArrayFitOptions extends FitOptions {
  /** How much each example counts in the loss and in weighted metrics. Default: all alike. */
  readonly sampleWeight?: SomePerName<ArrayData>;
}

export interface EvaluateOptions {
  /** For arrays; batch sources have their own. Default: 32. */
  readonly batchSize?: number;
  /** Batches to take, the first of them. Default: all. */
  readonly steps?: number;
  readonly callbacks?: readonly Callback[];
  /**
   * Other than 0 says the result on the console. Default: 0.
   *
   * @differs defaults to 0; 1 prints a line instead of a bar
   */
  readonly verbose?: Verbosity;
  /** @differs an `AbortSignal`; aborting is an error */
  readonly signal?: AbortSignal;
}

/** Options beside `(x, y)`. */
export interface ArrayEvaluateOptions extends EvaluateOptions {
  /** How much each example counts in the loss and in weighted metrics. Default: all alike. */
  readonly sampleWeight?: SomePerName<ArrayData>;
}

export interface PredictOptions {
  /** For arrays; batch sources have their own. Default: 32. */
  readonly batchSize?: number;
  /** Batches to take, the first of them. Default: all. */
  readonly steps?: number;
  readonly callbacks?: readonly Callback[];
  /**
   * Other than 0 says on the console how long it took. Default: 0.
   *
   * @differs defaults to 0; 1 prints a line instead of a bar
   */
  readonly verbose?: Verbosity;
  /** @differs an `AbortSignal`; aborting is an error */
  readonly signal?: AbortSignal;
}

export interface TestOnBatchOptions {
  /**
   * Whether numbers are those of this batch alone, as Keras's; else those of all batches since they were reset. Default: true.
   *
   * @differs with `false`, returns the numbers of all batches since the last reset
   */
  readonly resetMetrics?: boolean;
  /** Beside `(x, y)`: how much each example counts in the loss and in weighted metrics. Default: all alike. */
  readonly sampleWeight?: SomePerName<ArrayData>;
}

export interface TrainOnBatchOptions extends TestOnBatchOptions {
  /**
   * How much examples of each class count in the loss. Default: none.
   *
   * @differs can be combined with sample weights, which it multiplies
   */
  readonly classWeight?: ClassWeight;
}

export const trainerOptions: OptionNames<TrainerConfig> = {
  optimizer: true,
  loss: true,
  lossWeights: true,
  metrics: true,
  weightedMetrics: true,
};

const count = Option.integer();
const weights = callOption(anything<SomePerName<ArrayData>>(), undefined);
const labelled = callOption(anything<LabelledData>(), undefined);
const common = {
  callbacks: callOption(anything<readonly Callback[]>(), []),
  verbose: callOption({ check: (owner, _name, given: Verbosity) => checkVerbosity(owner, given) }, 0),
  signal: signalOption,
};

export const fitOptions: PlainOptions<
  ArrayFitOptions,
  "epochs" | "initialEpoch" | "validationFreq" | "callbacks" | "verbose"
> = {
  epochs: callOption(count, 1),
  initialEpoch: callOption(Option.integer(0), 0),
  sampleWeight: weights,
  batchSize: callOption(count, undefined),
  shuffle: callOption(Option.flag(), undefined),
  stepsPerEpoch: callOption(count, undefined),
  validation: labelled,
  validationData: labelled,
  validationBatchSize: callOption(count, undefined),
  validationSplit: callOption(
    Option.within("in (0, 1)", (share) => share > 0 && share < 1),
    undefined,
  ),
  validationSteps: callOption(count, undefined),
  validationFreq: callOption({ check: checkEpochs }, 1),
  classWeight: callOption(anything<ClassWeight>(), undefined),
  ...common,
  timeLimit: callOption(anything<Minutes>(), undefined),
};

/** Every so many epochs, or the epochs themselves. */
function checkEpochs(owner: string, name: string, given: number | readonly number[]): number | readonly number[] {
  return typeof given === "object"
    ? Array.from(given, (each) => count.check(owner, name, each))
    : count.check(owner, name, given);
}

export const predictOptions: PlainOptions<PredictOptions, "callbacks" | "verbose"> = {
  batchSize: callOption(count, undefined),
  steps: callOption(count, undefined),
  ...common,
};

export const evaluateOptions: PlainOptions<ArrayEvaluateOptions, "callbacks" | "verbose"> = {
  sampleWeight: weights,
  ...predictOptions,
};

export const testOnBatchOptions: PlainOptions<TestOnBatchOptions, "resetMetrics"> = {
  resetMetrics: callOption(Option.flag(), true),
  sampleWeight: weights,
};

export const trainOnBatchOptions: PlainOptions<TrainOnBatchOptions, "resetMetrics"> = {
  classWeight: callOption(anything<ClassWeight>(), undefined),
  ...testOnBatchOptions,
};
