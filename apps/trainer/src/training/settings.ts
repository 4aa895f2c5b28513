import type { ApplicationLoss, TrainingDefaults } from "@featuremap/applications";
import { InvalidConfigError } from "@featuremap/tensor";
import type { OptionValue } from "../options/option.ts";
import type { augmentationOptions } from "../options/commands/augmentation.ts";
import type { learningOptions } from "../options/commands/training.ts";
import { mixes } from "../data/prepared-batches.ts";
import type { Network } from "./network/network-types.ts";

type Learning = typeof learningOptions;
type Augmentation = typeof augmentationOptions;
/** "sgd", "adam" and so on. */
export type OptimizerChoice = OptionValue<Learning["optimizer"]>;
/** How the learning rate moves. */
export type ScheduleChoice = OptionValue<Learning["schedule"]>;
/** "none", "light" and so on. */
export type AugmentChoice = OptionValue<Augmentation["augment"]>;
/** Whether what frozen layers make of pictures is computed once. */
export type FrozenFeaturesChoice = OptionValue<Learning["frozenFeatures"]>;
/** What is made small. */
export type LossChoice = OptionValue<Learning["loss"]>;

/** What the user may say of how a network learns. */
export type LearningOptions = {
  readonly [Name in keyof (Learning & Augmentation)]?: OptionValue<(Learning & Augmentation)[Name]> | undefined;
};

/** How a network learns, once all is decided. */
export interface LearningSettings {
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: OptimizerChoice;
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly learningRate: number;
  readonly schedule: ScheduleChoice;
  /** Epochs in which the rate rises; undefined where the network says it by {@link warmup}. */
  readonly warmupEpochs: number | undefined;
  /** Share of all steps in which the rate rises. */
  readonly warmup: number;
  /** Undefined: the optimizer's own. */
  readonly weightDecay: number | undefined;
  readonly loss: LossChoice;
  readonly labelSmoothing: number;
  readonly classWeight: "none" | "balanced";
  readonly ema: number | undefined;
  readonly patience: number | undefined;
  readonly time: number | undefined;
  readonly augment: AugmentChoice;
  readonly mixup: number;
  readonly cutmix: number;
  readonly erasing: number;
  readonly seed: number;
  /** First epochs in which the last layer of a saved model learns alone. */
  readonly freezeEpochs: number;
  /** Whether batch normalization learns after those. */
  readonly trainBatchNormalization: boolean;
  /** What the rate is multiplied by for each layer towards the input. */
  readonly learningRatePerDepth: number;
  /** What is done about features meanwhile; undefined where there are no such epochs. */
  readonly frozenFeatures: FrozenFeaturesChoice | undefined;
}

/** How much faster the last layer learns while it learns alone: it is far from where it should be. */
const headHaste = 10;

/** The learning rate of the last layer while it learns alone. */
export function headLearningRate({ learningRate }: Pick<LearningSettings, "learningRate">): number {
  return headHaste * learningRate;
}

/** Rates that suit each optimizer where nobody knows better: Keras's, but for those with a better known one. */
const usualRates: Readonly<Record<OptimizerChoice, number>> = {
  sgd: 0.01,
  rmsprop: 0.001,
  adam: 0.001,
  adamw: 0.001,
  nadam: 0.001,
  adamax: 0.001,
  adagrad: 0.01,
  adadelta: 1,
  lion: 0.0001,
};

/**
 * What the user said, and the network's own settings for the rest. They belong to its optimizer: with another one its
 * learning rate, schedule and weight decay say nothing, nor does its warm-up with another schedule.
 *
 * @param owner the command that asks, for errors
 * @param defaults the network's, or its document's
 * @throws {InvalidConfigError} an option does not fit the network.
 */
export function decideLearning(
  owner: string,
  options: LearningOptions,
  defaults: TrainingDefaults,
  network: Pick<Network, "outputs" | "loss" | "name" | "base">,
): LearningSettings {
  const { optimizer = defaults.optimizer } = options;
  const own: Partial<TrainingDefaults> = optimizer === defaults.optimizer ? defaults : {};
  const { mixup = 0, cutmix = 0, labelSmoothing = defaults.labelSmoothing, seed = 1 } = options;
  const said = options.learningRate === "auto" ? undefined : options.learningRate;
  const schedule = options.schedule ?? own.schedule ?? "constant";
  if (schedule === "plateau" && (options.warmupEpochs ?? 0) > 0) {
    throw new InvalidConfigError(owner, "--warmup-epochs", "0 with --schedule plateau", options.warmupEpochs);
  }
  const isMixed = mixes({ mixup, cutmix });
  const epochs = options.epochs ?? defaults.epochs;
  if ((options.warmupEpochs ?? 0) > epochs) {
    throw new InvalidConfigError(
      owner,
      "--warmup-epochs",
      `in [0, ${epochs}], the epochs of all`,
      options.warmupEpochs,
    );
  }
  const freezeEpochs = decideFreezing(owner, options.freezeEpochs, epochs, network);
  return {
    epochs,
    batchSize: typeof options.batchSize === "number" ? options.batchSize : defaults.batchSize,
    optimizer,
    momentum: own.momentum ?? (optimizer === "sgd" && own === defaults ? 0 : 0.9),
    nesterov: own.nesterov ?? false,
    learningRate: said ?? own.learningRate ?? usualRates[optimizer],
    schedule,
    warmupEpochs: options.warmupEpochs,
    warmup: schedule === own.schedule ? (own.warmup ?? 0) : 0,
    weightDecay: options.weightDecay ?? own.weightDecay,
    loss: decideLoss(owner, options.loss, network, isMixed || labelSmoothing > 0),
    labelSmoothing,
    classWeight: options.classWeight ?? "none",
    ema: options.ema,
    patience: options.patience,
    time: options.time,
    augment: options.augment ?? defaults.augment,
    mixup,
    cutmix,
    erasing: options.erasing ?? 0,
    seed,
    freezeEpochs,
    trainBatchNormalization: options.trainBatchNormalization ?? false,
    learningRatePerDepth: decidePerDepth(owner, options.learningRatePerDepth, network),
    frozenFeatures:
      freezeEpochs === 0 ? undefined : (options.frozenFeatures ?? (isVaried(options) ? "compute" : "keep")),
  };
}

/** Whether the user wants other pictures in each epoch. */
function isVaried({ augment = "none", mixup = 0, cutmix = 0, erasing = 0 }: LearningOptions): boolean {
  return augment !== "none" || mixup > 0 || cutmix > 0 || erasing > 0;
}

/** @throws {InvalidConfigError} nothing has learned that could be frozen, or there are not so many epochs. */
function decideFreezing(
  owner: string,
  asked: number | undefined,
  epochs: number,
  { base }: Pick<Network, "base">,
): number {
  if (asked === undefined) return base?.hasNewHead === true && epochs > 1 ? 1 : 0;
  if (base === undefined && asked > 0) {
    const expected = "left out: all layers of a new network have to learn (give a saved one with --model)";
    throw new InvalidConfigError(owner, "--freeze-epochs", expected, asked);
  }
  if (asked <= epochs) return asked;
  throw new InvalidConfigError(owner, "--freeze-epochs", `an integer in [0, ${epochs}], the epochs of all`, asked);
}

/** @throws {InvalidConfigError} nothing has learned that could learn less. */
function decidePerDepth(owner: string, asked: number | undefined, { base }: Pick<Network, "base">): number {
  if (asked === undefined || asked === 1 || base !== undefined) return asked ?? 1;
  const expected = "left out: all layers of a new network have to learn (give a saved one with --model)";
  throw new InvalidConfigError(owner, "--learning-rate-per-depth", expected, asked);
}

/** @throws {InvalidConfigError} the loss asked for does not take the network's outputs. */
function decideLoss(
  owner: string,
  asked: LossChoice | undefined,
  network: Pick<Network, "outputs" | "loss" | "name">,
  isSoft: boolean,
): LossChoice {
  const isBinary = network.outputs.startsWith("binary");
  const fitting: readonly LossChoice[] = isBinary
    ? ["binaryCrossentropy", "binaryFocalCrossentropy"]
    : isSoft
      ? ["categoricalCrossentropy", "categoricalFocalCrossentropy"]
      : ["sparseCategoricalCrossentropy", "categoricalCrossentropy", "categoricalFocalCrossentropy"];
  if (asked === undefined)
    return isSoft && !isBinary ? "categoricalCrossentropy" : (network.loss satisfies ApplicationLoss);
  if (fitting.includes(asked)) return asked;
  const why = isSoft && !isBinary ? "with mixed or smoothed labels" : `for the outputs of ${network.name}`;
  throw new InvalidConfigError(owner, "--loss", `${fitting.join(" or ")} ${why}`, asked);
}
