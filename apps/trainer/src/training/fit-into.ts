import { rm } from "node:fs/promises";
import { writeFileWhole } from "@featuremap/files";
import type { SaveBundleOptions } from "@featuremap/formats";
import type { Model } from "@featuremap/layers";
import { AbortedError, RandomStream } from "@featuremap/tensor";
import { Trainer } from "@featuremap/training";
import { describeDevice } from "../device/device-description.ts";
import { runConfigText } from "./run/run-config.ts";
import { writeEnvironment } from "../run/run-environment.ts";
import type { RunFolder } from "../run/run-folder.ts";
import { hasCheckpoint } from "../run/run-paths.ts";
import { noteOfRate, readHistory } from "./run/resumed-run.ts";
import { type EpochRow, RunHistory } from "../run/run-history.ts";
import { writeSplit } from "../data/split-table.ts";
import { judgingBatches, trainingBatches } from "./batches.ts";
import { trainingCallbacks } from "./callbacks.ts";
import { finish } from "./finish.ts";
import { makeAccuracy, makeLoss } from "./loss.ts";
import { explainFailure } from "./explain-failure.ts";
import { fitDecided } from "./fit-decided.ts";
import { FreezeBase, countNormalizations } from "./network/freeze-base.ts";
import type { Network } from "./network/network-types.ts";
import { makeOptimizer, rateOf } from "./optimizer.ts";
import { headLearningRate } from "./settings.ts";
import type { Decided, TrainOptions, TrainPlan, TrainResult } from "./train-types.ts";

/** Trains into a run's folder, and writes there all that came of it. */
export async function fitInto(folder: RunFolder, decided: Decided): Promise<TrainResult> {
  const { data, network, learning, device, asked } = decided;
  const seeds = new RandomStream(learning.seed);
  const model = await network.build(seeds.fork("weights").uint32());
  const batches = trainingBatches(decided);
  const judged = data.validation ?? data.test ?? data.train;
  const judging = judgingBatches(judged, decided);
  const optimizer = makeOptimizer(learning, batches.batchCount);
  const { freezeEpochs, trainBatchNormalization, learningRatePerDepth } = learning;
  const freezing =
    freezeEpochs === 0 && learningRatePerDepth === 1
      ? undefined
      : new FreezeBase({
          epochs: freezeEpochs,
          learningRate: rateOf(learning, batches.batchCount),
          trainBatchNormalization: trainBatchNormalization || freezeEpochs === 0,
          learningRatePerDepth,
          onNote: asked.onNote,
        });
  const trainer = new Trainer(model, {
    optimizer,
    loss: makeLoss(learning, network),
    metrics: [makeAccuracy(network)],
  });
  try {
    const { version, signal } = asked;
    const note = asked.resume === undefined ? undefined : await noteOfRate(folder, learning);
    await writeFileWhole(folder.config, await runConfigText(decided));
    await writeEnvironment(folder.environment, { version, device: describeDevice(device), threads: device.threads });
    await writeSplit(folder.split, data);
    asked.onStart?.(planOf(folder, decided, model));
    if (note !== undefined) asked.onNote?.(note);
    const history = new RunHistory(folder, await rowsBefore(folder, asked));
    const bundle = {
      preprocessing: network.preprocessing,
      labels: data.classNames,
      ...outputsToSay(network),
    };
    const began = performance.now();
    const { stopped } = await fitDecided(trainer, batches, decided, {
      epochs: learning.epochs,
      folder: folder.path,
      ...(learning.time === undefined ? {} : { timeLimit: { minutes: learning.time / 60 } }),
      ...(asked.dryRun === true ? { epochs: 1, stepsPerEpoch: drySteps, validationSteps: 1 } : {}),
      validation: judging,
      callbacks: trainingCallbacks({ paths: folder, learning, bundle, history, asked, freezing }),
      ...(signal === undefined ? {} : { signal }),
    });
    const seconds = (performance.now() - began) / 1000;
    const steps = (freezing?.stepsBefore ?? 0) + optimizer.iterations;
    if (steps === 0) {
      if (asked.resume !== undefined) throw new AbortedError("Stopped before the first step; the run stays as it was.");
      // The signal made a checkpoint of weights that have learned nothing, which would keep the folder.
      await rm(folder.last, { recursive: true, force: true });
      throw new AbortedError("Stopped before the first step; nothing was kept.");
    }
    const ended = {
      history,
      seconds,
      steps,
      stopped: stopped === "aborted" || stopped === "timeLimit" ? stopped : undefined,
      stepsPlanned: learning.epochs * batches.batchCount,
    };
    return await finish({ ...decided, ...ended, folder, model, trainer, bundle });
  } catch (error) {
    throw asked.dryRun === true ? error : explainFailure(error, folder, learning);
  } finally {
    trainer.dispose();
    model.dispose();
  }
}

/** What outputs mean, where the network itself does not tell. */
function outputsToSay({ outputs, base }: Network): Pick<SaveBundleOptions, "outputs"> {
  if (base?.outputs !== undefined) return { outputs: base.outputs };
  return outputs === "binaryLogits" ? { outputs } : {};
}

/** Steps of a dry run. */
const drySteps = 2;

/** Epochs that were done before a run goes on; without a checkpoint it begins anew. */
async function rowsBefore(folder: RunFolder, { resume }: TrainOptions): Promise<EpochRow[]> {
  return resume !== undefined && hasCheckpoint(folder) ? readHistory(folder.history) : [];
}

function planOf(folder: RunFolder, { data, network, learning, device, asked }: Decided, model: Model): TrainPlan {
  const { epochs, batchSize, learningRate, schedule, seed, freezeEpochs, frozenFeatures, augment } = learning;
  const { trainBatchNormalization, learningRatePerDepth } = learning;
  return {
    ...(data.kind === "dataset" ? { preset: data.name } : {}),
    data: data.name,
    imagesAre: data.imagesAre,
    device: describeDevice(device),
    network: network.name,
    networkReason: network.reasons.network,
    imageSize: network.preprocessing.size,
    imageSizeReason: network.reasons.imageSize,
    parameters: model.countParams(),
    classes: data.classNames.length,
    trainImages: data.train.size,
    validationImages: data.validation?.size ?? 0,
    testImages: data.test?.size ?? 0,
    epochs,
    batchSize,
    learningRate,
    schedule,
    ...(freezeEpochs > 0
      ? {
          freezeEpochs,
          headLearningRate: headLearningRate(learning),
          frozenNormalizations: trainBatchNormalization ? 0 : countNormalizations(model),
        }
      : {}),
    ...(learningRatePerDepth === 1 ? {} : { learningRatePerDepth }),
    ...(frozenFeatures === undefined ? {} : { frozenFeatures }),
    augment,
    seed,
    run: folder.path,
    resumed: asked.resume !== undefined,
    dryRun: asked.dryRun ?? false,
  };
}
