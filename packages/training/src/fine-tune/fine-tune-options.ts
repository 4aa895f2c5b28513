import { InvalidConfigError, Option } from "@featuremap/tensor";
import { anything, callOption } from "../config/call-option.ts";
import type { PlainOptions } from "../config/configured.ts";
import type { LossChoice } from "../losses/resolve-loss.ts";
import type { MetricChoice } from "../metrics/resolve-metric.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { OptimizerName } from "../optimizers/resolve-optimizer.ts";
import type { HeadChoice } from "./find-head.ts";
import { type FrozenOptions, frozenOptions } from "./frozen-options.ts";
import { type UnfreezeOptions, unfreezeOptions } from "./unfreeze-options.ts";

/** How {@link fineTune} goes about it; beside these it takes what `fit` does. */
export interface FineTuneOptions extends FrozenOptions, UnfreezeOptions {
  /** Number of classes for which a head is made: the model is a base without one, or a classifier whose own gives way to it. */
  readonly classes?: number;
  /**
   * Whether the last layer with a kernel, with all that is behind it, gives way to the new head or stays in front of it as part of
   * the base. Default: as `findHead` says, and where the layers do not show it a note.
   */
  readonly head?: HeadChoice;
  /** Share of features that the new head drops while it learns, in [0, 1). Default: 0.2. */
  readonly dropout?: number;
  /** The epochs before this one train the head alone. Default: 5. */
  readonly freezeEpochs?: number;
  /** The epoch before which training ends: all epochs, those with a frozen base among them. Default: 10. */
  readonly epochs?: number;
  /** Length of a step once the base is unfrozen. Default: 1e-4. */
  readonly learningRate?: number;
  /** Length of a step while it is frozen. Default: ten times `learningRate`. */
  readonly headLearningRate?: number;
  /** By name, or made for each of the two parts of training. Default: `adam`. */
  readonly optimizer?: OptimizerName | ((learningRate: number) => Optimizer);
  /** Default: `sparseCategoricalCrossentropy`. */
  readonly loss?: LossChoice;
  /** Default: `["accuracy"]`. */
  readonly metrics?: readonly MetricChoice[];
  /**
   * Whether the base's features are computed once, and kept while it is frozen. Default: true.
   *
   * Then the base does as in prediction: without dropout, and without the augmenting layers that it may have.
   */
  readonly cacheFeatures?: boolean;
  /**
   * How many epochs of the data are kept, of which frozen epochs take one after the other: more than 1 are of use where the data
   * are augmented; more than frozen epochs are not computed. Default: 1.
   */
  readonly copies?: number;
}

const rate = Option.within("a number above 0", (value) => value > 0 && Number.isFinite(value));

const own = {
  classes: callOption(Option.integer(2), undefined),
  head: callOption({ check: checkHead }, undefined),
  dropout: callOption(
    Option.within("in [0, 1)", (value) => value >= 0 && value < 1),
    0.2,
  ),
  freezeEpochs: callOption(Option.integer(0), 5),
  epochs: callOption(Option.integer(), 10),
  learningRate: callOption(rate, 1e-4),
  headLearningRate: callOption(rate, undefined),
  optimizer: callOption(anything<OptimizerName | ((learningRate: number) => Optimizer)>(), "adam" as const),
  loss: callOption(anything<LossChoice>(), "sparseCategoricalCrossentropy" as const),
  metrics: callOption(anything<readonly MetricChoice[]>(), ["accuracy"] as const),
  cacheFeatures: callOption(Option.flag(), true),
  copies: callOption(Option.integer(), 1),
};

/** The options that have a default. */
type Settled =
  | "epochs"
  | "initialEpoch"
  | "validationFreq"
  | "callbacks"
  | "verbose"
  | "dropout"
  | "freezeEpochs"
  | "unfreeze"
  | "trainBatchNormalization"
  | "learningRate"
  | "learningRatePerDepth"
  | "optimizer"
  | "loss"
  | "metrics"
  | "cacheFeatures"
  | "cacheBytes"
  | "copies";

/** What {@link fineTune} takes. */
export const fineTuneOptions: PlainOptions<FineTuneOptions, Settled> = { ...frozenOptions, ...unfreezeOptions, ...own };

function checkHead(owner: string, name: string, given: HeadChoice): HeadChoice {
  if (given === "replace" || given === "keep") return given;
  throw new InvalidConfigError(owner, name, '"replace" or "keep"', given);
}
