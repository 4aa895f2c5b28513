import type { BestEpoch } from "../run/best-epoch.ts";
import type { Device } from "@featuremap/devices";
import type { EvaluationProgress, Progress } from "@featuremap/training";
import type { LeftOut } from "../data/part.ts";
import type { TrainingData } from "../data/training-data.ts";
import type { DeviceDescription } from "../device/device-description.ts";
import type { OptionValues } from "../options/option.ts";
import type { deviceOptions } from "../options/shared.ts";
import type { trainOptions } from "../options/commands/train.ts";
import type { ReportProgress } from "../report/collect-report.ts";
import type { Network } from "./network/network-types.ts";
import type { AugmentChoice, FrozenFeaturesChoice, LearningSettings, ScheduleChoice } from "./settings.ts";

/** What the user may say: values of the command's options. */
export type TrainSettings = Partial<OptionValues<typeof trainOptions & typeof deviceOptions>>;

/** How far an epoch is, and the run. */
export interface TrainProgress extends Progress {
  /** Until the last epoch is done, or the time is over that was given; of what follows an epoch no more than the last took. */
  readonly runSecondsLeft: number;
}

/** Who hears how a training goes. */
export interface TrainHooks {
  /** A few times a second. */
  readonly onProgress?: (progress: TrainProgress) => void;
  /** A few times a second while the model is judged. */
  readonly onEvaluationProgress?: (progress: EvaluationProgress) => void;
  /** Hears of pictures whose features are computed, and of how many there are. */
  readonly onFeatures?: (done: number, total: number) => void;
  readonly onEpoch?: (epoch: EpochResult) => void;
  /** Hears of what was decided on the way, in a line of text. */
  readonly onNote?: (note: string) => void;
  /** While the report is made, after all epochs. */
  readonly onReportProgress?: (progress: ReportProgress) => void;
}

/** How one epoch ended. */
export interface EpochResult {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  readonly seconds: number;
  /** `loss` and `accuracy` on the training images, `val_loss` and `val_accuracy` on those it is judged by. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** What to train on, how, and whom to tell. */
export interface TrainOptions extends TrainSettings, TrainHooks {
  /** A folder, a file, or the name of a data set. */
  readonly data: string;
  /** The command that trains, for errors. Default: `train`. */
  readonly owner?: string;
  /** Of the command, for the run's record. */
  readonly version?: string;
  /** Ends training after the current step; what was learned is kept. */
  readonly signal?: AbortSignal;
  /** Runs the work that must not be cut short: writing files. */
  readonly uninterrupted?: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** Which part judges the model in the end. Default: the test part, where there is one. */
  readonly judgedBy?: "validation";
  readonly onStart?: (plan: TrainPlan) => void;
  /** Hears of a data set that is downloaded. */
  readonly onDownload?: (loaded: number, total: number | undefined) => void;
}

/** What is about to run. */
export interface TrainPlan {
  /** The data set's name; absent for files of your own. */
  readonly preset?: string;
  /** What the data are called. */
  readonly data: string;
  readonly imagesAre: string;
  readonly device: DeviceDescription;
  readonly network: string;
  readonly networkReason: string;
  readonly imageSize: readonly [height: number, width: number];
  readonly imageSizeReason: string;
  readonly parameters: number;
  readonly classes: number;
  readonly trainImages: number;
  readonly validationImages: number;
  readonly testImages: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** How it changes. */
  readonly schedule: ScheduleChoice;
  /** First epochs in which the last layer learns alone; absent where there are none. */
  readonly freezeEpochs?: number;
  /** The learning rate of those. */
  readonly headLearningRate?: number;
  /** Layers of batch normalization that keep their statistics after those. */
  readonly frozenNormalizations?: number;
  /** Factor of the rate for each layer towards the input; absent where all have the same. */
  readonly learningRatePerDepth?: number;
  /** Whether what the other layers make of pictures is computed once for those. */
  readonly frozenFeatures?: FrozenFeaturesChoice;
  /** How much pictures are varied. */
  readonly augment: AugmentChoice;
  readonly seed: number;
  /** Absolute path of the run's folder. */
  readonly run: string;
  /** Whether the run goes on that was there. */
  readonly resumed: boolean;
  /** Whether but two steps are taken, and nothing is kept. */
  readonly dryRun: boolean;
}

/** How good the model is on a part of the data. */
export interface PartResult {
  readonly images: number;
  readonly loss: number;
  readonly accuracy: number;
}

/** What came out. */
export interface TrainResult {
  /** Whether the signal or the time limit ended the training before its last epoch was done. */
  readonly stopped: boolean;
  /** Steps that shaped the weights. */
  readonly steps: number;
  /** What all epochs would have taken. */
  readonly stepsPlanned: number;
  readonly seconds: number;
  /** Every epoch's metrics by name, in order. */
  readonly history: Readonly<Record<string, readonly number[]>>;
  /** With the weights that were saved; absent after an early stop. */
  readonly test?: PartResult;
  /** The same where there is no test part. */
  readonly validation?: PartResult;
  /** The epoch whose weights `checkpoints/best` has; absent where none was judged, or nothing is kept. */
  readonly bestEpoch?: BestEpoch & { readonly bundle: string };
  /** Files that could not be read, and why. */
  readonly leftOut: readonly LeftOut[];
  /** Absolute path of the run's folder. */
  readonly run: string;
  /** Absolute path of the bundle. */
  readonly bundle: string;
  /** Absolute path of the epochs' metrics. */
  readonly historyFile: string;
  /** Absolute path of `report.html`; absent where none was asked for, and after an early stop. */
  readonly report?: string;
  /** Why there is none, where one was asked for. */
  readonly reportFailure?: string;
}

/** All that a training is made of, once it is decided. */
export interface Decided {
  readonly data: TrainingData;
  readonly network: Network;
  readonly learning: LearningSettings;
  readonly device: Device;
  readonly asked: TrainOptions;
}
