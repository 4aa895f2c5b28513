import type { SaveBundleOptions } from "@featuremap/formats";
import {
  type Callback,
  EarlyStopping,
  ModelCheckpoint,
  ReduceLROnPlateau,
  SwapEMAWeights,
  TensorBoard,
} from "@featuremap/training";
import { RunCheckpoints } from "../run/run-checkpoints.ts";
import type { RunHistory } from "../run/run-history.ts";
import type { RunPaths } from "../run/run-paths.ts";
import type { FreezeBase } from "./network/freeze-base.ts";
import { TrainingReporter } from "./reporter.ts";
import type { LearningSettings } from "./settings.ts";
import { StaysStopped } from "./stays-stopped.ts";
import type { TrainOptions } from "./train-types.ts";

/** Epochs without a lower loss after which the plateau schedule lowers the rate, and to which share of it. */
const plateau = { patience: 2, factor: 0.3 };

/** What hears of a training: what may end it, what writes to the run's folder, and who is told. */
export function trainingCallbacks({
  paths,
  learning,
  bundle,
  history,
  asked,
  freezing,
}: {
  readonly paths: RunPaths;
  readonly learning: LearningSettings;
  readonly bundle: SaveBundleOptions;
  readonly history: RunHistory;
  readonly asked: TrainOptions;
  readonly freezing: FreezeBase | undefined;
}): Callback[] {
  const { patience, schedule, ema, freezeEpochs } = learning;
  return [
    ...(ema === undefined ? [] : [new SwapEMAWeights({ swapOnEpoch: true })]),
    // After moving means have gone back, which are of the layers that learned.
    ...(freezing === undefined ? [] : [freezing]),
    // Before the rate is lowered, which it is for the next epoch.
    new TensorBoard({ logDir: paths.events }),
    ...(schedule === "plateau" ? [new ReduceLROnPlateau(plateau)] : []),
    ...(patience === undefined ? [] : earlyStopping(patience, freezeEpochs)),
    new ModelCheckpoint({ filepath: paths.best, bundle, saveBestOnly: true }),
    history,
    new TrainingReporter(asked, learning.time, freezeEpochs),
    new RunCheckpoints(paths.last, asked),
  ];
}

/** All layers are to learn before it may end. */
function earlyStopping(patience: number, startFromEpoch: number): Callback[] {
  const stopping = new EarlyStopping({ patience, startFromEpoch, restoreBestWeights: true });
  return [stopping, new StaysStopped(stopping)];
}
