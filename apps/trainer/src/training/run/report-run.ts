import type { Outputs } from "@featuremap/applications";
import { writeFileWhole } from "@featuremap/files";
import type { Model, OutputMeaning } from "@featuremap/layers";
import { AbortedError, type Batch, type BatchSource, FeaturemapError } from "@featuremap/tensor";
import { partsOf } from "../../data/split-table.ts";
import { bestEpoch } from "../../run/best-epoch.ts";
import type { RunDecisions } from "./run-config.ts";
import type { RunHistory } from "../../run/run-history.ts";
import { formatCount, formatCounted, formatDuration } from "../../terminal/format.ts";
import type { TrainResult } from "../train-types.ts";
import { type CollectReportOptions, collectReport } from "../../report/collect-report.ts";
import { type CardData, modelCard } from "./model-card.ts";
import type { WeightsFacts } from "../../report/weights-line.ts";
import { writeReport } from "../../report/write-report.ts";

/** A training whose model was saved. */
export interface ReportedRun extends RunDecisions {
  readonly model: Model;
  readonly history: Pick<RunHistory, "curves">;
  readonly result: TrainResult;
  /** What was learned from. */
  readonly batches: BatchSource;
  /** Where the card goes. */
  readonly card: string;
}

/** What became of a report: the page's path, or why there is none. */
export type RunReport = { readonly report: string } | { readonly reportFailure: string };

/** Batches that are shown. */
const firstCount = 2;

/** Writes a run's README without looking at any answer again. */
export async function writeCard(run: Omit<ReportedRun, "batches">, data: CardData = plainData(run)): Promise<void> {
  await writeFileWhole(run.card, modelCard(data, factsOf(run)));
}

/**
 * Asks the network once more about all that it is judged by, and writes the report and the README that tells of it.
 *
 * The model is saved: what goes wrong here is told, and ends nothing.
 */
export async function reportRun(
  run: ReportedRun,
  { signal, onProgress }: Pick<CollectReportOptions, "signal" | "onProgress">,
): Promise<RunReport> {
  const { data, network, learning, model, history, result, batches, asked } = run;
  try {
    const collected = await collectReport({
      name: data.name,
      model,
      outputs: meaningOf(network.outputs),
      data: { train: data.train.files, validation: data.validation?.files, test: data.test?.files },
      classNames: data.classNames,
      preprocessing: network.preprocessing,
      history: history.curves,
      firstBatches: await take(batches, firstCount),
      seed: learning.seed,
      workers: asked.workers,
      signal,
      onProgress,
    });
    await writeCard(run, collected);
    const { page } = await writeReport(result.run, { ...collected, training: factsOf(run) });
    return { report: page };
  } catch (error) {
    if (error instanceof AbortedError) return { reportFailure: "It was stopped." };
    if (error instanceof FeaturemapError) return { reportFailure: error.message };
    throw error;
  }
}

async function take(batches: BatchSource, count: number): Promise<readonly Batch[]> {
  const taken: Batch[] = [];
  for await (const batch of batches.batches(0)) {
    taken.push(batch);
    if (taken.length === count) break;
  }
  return taken;
}

function meaningOf(outputs: Outputs): OutputMeaning {
  return outputs === "binaryProbabilities" ? "probabilities" : outputs;
}

/** What a card tells where the answers were not looked at. */
function plainData({ data, network, model }: Pick<ReportedRun, "data" | "network" | "model">): CardData {
  const { size, channels } = network.preprocessing;
  const absent = "How good the network is with each class was not looked at.";
  return {
    classNames: data.classNames,
    network: { name: model.name, parameters: model.countParams(), size, channels },
    parts: partsOf(data).map(([{ labels, size: pictures }, name]) => {
      const counts = data.classNames.map(() => 0);
      for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
      return { name, size: pictures, counts };
    }),
    judged: { absent },
    health: { absent },
  };
}

function factsOf({ data, network, learning, device, asked, result }: Omit<ReportedRun, "batches">) {
  const { weightDecay = "the optimizer's", ema = "none", mixup, cutmix, erasing } = learning;
  const { warmupEpochs, patience, freezeEpochs, learningRatePerDepth } = learning;
  const { stopped, steps, stepsPlanned, test, validation } = result;
  return {
    title: data.name,
    source:
      data.kind === "dataset" ? `The data set ${data.name}: ${data.imagesAre}` : `The ${data.kind} ${data.location}`,
    device: device.name,
    duration: formatDuration(result.seconds),
    ended: stopped ? `it was stopped after ${formatCount(steps)} of ${formatCounted(stepsPlanned, "step")}` : undefined,
    figures: Object.entries({ test, validation }).flatMap(([part, figures]) =>
      figures === undefined ? [] : [{ part, ...figures }],
    ),
    weights: weightsOf({ data, learning, result }),
    areAveraged: asked.tta === true,
    settings: {
      network: network.name,
      epochs: learning.epochs,
      "batch size": learning.batchSize,
      optimizer: learning.optimizer,
      "learning rate": learning.learningRate,
      schedule: learning.schedule,
      "weight decay": weightDecay,
      loss: learning.loss,
      "label smoothing": learning.labelSmoothing,
      augmentation: learning.augment,
      "mixup, cutmix, erasing": [mixup, cutmix, erasing].join(", "),
      "class weight": learning.classWeight,
      "moving average": ema,
      ...(warmupEpochs === undefined ? {} : { "warm-up epochs": warmupEpochs }),
      ...(patience === undefined ? {} : { patience }),
      ...(freezeEpochs === 0 ? {} : { "epochs with the last layer alone": freezeEpochs }),
      ...(freezeEpochs === 0 ? {} : { "batch normalization learns": learning.trainBatchNormalization ? "yes" : "no" }),
      ...(learningRatePerDepth === 1 ? {} : { "learning rate per depth": learningRatePerDepth }),
      seed: learning.seed,
    },
  };
}

/** With `--patience`, the weights of the best epoch come back in the end, unless a signal ended the training. */
function weightsOf({ data, learning, result }: Pick<ReportedRun, "data" | "learning" | "result">): WeightsFacts {
  const { stopped, steps, stepsPlanned, history } = result;
  const part = data.validation === undefined ? (data.test === undefined ? "training" : "test") : "validation";
  const best = bestEpoch(history);
  const done = history["loss"]?.length ?? 0;
  const isAborted = stopped && result.test === undefined && result.validation === undefined;
  if (learning.patience !== undefined && !isAborted) {
    const chosen = bestEpoch(history, learning.freezeEpochs);
    if (chosen !== undefined) return { epoch: chosen.epoch, isChosen: true, part };
  }
  const isWithin = stopped && steps * learning.epochs !== done * stepsPlanned;
  return { epoch: isWithin || done === 0 ? undefined : done, isChosen: false, part, best };
}
