import { type SaveBundleOptions, saveBundle } from "@featuremap/formats";
import type { Model } from "@featuremap/layers";
import { AbortedError, type BatchSource } from "@featuremap/tensor";
import type { Trainer } from "@featuremap/training";
import { type RunReport, reportRun, writeCard } from "./run/report-run.ts";
import { removeReport } from "../report/write-report.ts";
import { bestEpoch } from "../run/best-epoch.ts";
import type { RunFolder } from "../run/run-folder.ts";
import { type RunHistory, metricsOf } from "../run/run-history.ts";
import { judgingBatches, trainingBatches } from "./batches.ts";
import { judgeMirrored } from "./judge-mirrored.ts";
import { EvaluationReporter } from "./reporter.ts";
import type { LearningSettings } from "./settings.ts";
import type { Decided, TrainResult } from "./train-types.ts";

/** A training that has ended, one way or another. */
export interface Trained extends Decided {
  readonly folder: RunFolder;
  readonly model: Model;
  readonly trainer: Trainer;
  readonly history: RunHistory;
  /** Steps that were taken. */
  readonly steps: number;
  readonly stepsPlanned: number;
  readonly seconds: number;
  /** What ended it before all epochs were done. */
  readonly stopped: "aborted" | "timeLimit" | undefined;
  readonly bundle: Omit<SaveBundleOptions, "metrics" | "provenance">;
}

/** Judges the weights that are left, and saves them. */
export async function finish(trained: Trained): Promise<TrainResult> {
  const { data, network, learning, device, asked, folder, model, history, stepsPlanned, stopped, bundle } = trained;
  const { uninterrupted = (work) => work() } = asked;
  const judged = await judge(trained);
  const best = bestEpoch(history.history);
  const steps = { stopped: stopped !== undefined, steps: trained.steps, stepsPlanned };
  const result: TrainResult = {
    ...steps,
    seconds: trained.seconds,
    history: history.history,
    ...judged.parts,
    ...(best === undefined || asked.dryRun === true ? {} : { bestEpoch: { ...best, bundle: folder.best } }),
    leftOut: [data.train, data.validation, data.test].flatMap((part) => part?.leftOut ?? []),
    run: folder.path,
    bundle: folder.model,
    historyFile: folder.history,
  };
  const provenance = {
    ...(data.kind === "dataset" ? { preset: data.name } : {}),
    data: data.location,
    network: network.name,
    ...learning,
    ...steps,
    trainImages: data.train.size,
    device: device.description,
    date: new Date().toISOString(),
  };
  await uninterrupted(async () => {
    await saveBundle(model, folder.model, { ...bundle, metrics: judged.metrics, provenance });
    await history.write();
    await removeReport(folder.path);
    await writeCard({ ...trained, result, card: folder.card });
  });
  const isReported = asked.report !== false && asked.dryRun !== true && asked.signal?.aborted !== true;
  return isReported ? { ...result, ...(await report(trained, result)) } : result;
}

/** Shows what the saved weights do. */
async function report(trained: Trained, result: TrainResult): Promise<RunReport> {
  const { folder, asked } = trained;
  const { signal, onReportProgress: onProgress } = asked;
  return reportRun(
    { ...trained, result, batches: trainingBatches(trained), card: folder.card },
    { signal, onProgress },
  );
}

/** What the saved weights reach. Within an epoch the last measured numbers are those of other weights. */
async function judge({ data, learning, history, stopped, trainer, ...rest }: Trained): Promise<{
  readonly metrics: Record<string, number>;
  readonly parts: Pick<TrainResult, "test" | "validation">;
}> {
  if (stopped === "aborted") return { metrics: {}, parts: {} };
  const metrics = stopped === undefined ? keptMetrics(learning, history) : {};
  const isLast = learning.ema === undefined && learning.patience === undefined && rest.asked.tta !== true;
  const measured = data.validation ?? data.test;
  const shown = rest.asked.judgedBy === "validation" ? measured : (data.test ?? data.validation);
  if (shown === undefined) return { metrics, parts: {} };
  const isMeasured = stopped === undefined && isLast && shown === measured;
  const answer = isMeasured
    ? { loss: metrics["val_loss"] ?? Number.NaN, accuracy: metrics["val_accuracy"] ?? Number.NaN }
    : await evaluate(trainer, judgingBatches(shown, { learning, ...rest }), rest);
  if (answer === undefined) return { metrics, parts: {} };
  const part = { images: shown.size, loss: answer.loss, accuracy: answer.accuracy };
  const name = shown === data.test && data.validation !== undefined ? "test" : "val";
  return {
    metrics: { ...metrics, [`${name}_loss`]: part.loss, [`${name}_accuracy`]: part.accuracy },
    parts: shown === data.test ? { test: part } : { validation: part },
  };
}

/** Numbers of the epoch that the weights are of: with patience those of the best one are kept. */
function keptMetrics({ patience, freezeEpochs }: LearningSettings, history: RunHistory): Record<string, number> {
  const best = patience === undefined ? undefined : bestEpoch(history.history, freezeEpochs);
  return best === undefined ? history.lastMetrics : metricsOf(history.rows[best.epoch - 1]);
}

/** Undefined where the signal came meanwhile. */
async function evaluate(
  trainer: Trainer,
  batches: BatchSource,
  { asked, network }: Pick<Decided, "asked" | "network">,
): Promise<{ readonly loss: number; readonly accuracy: number } | undefined> {
  const { signal, tta, dryRun } = asked;
  const options = {
    callbacks: [new EvaluationReporter(asked)],
    ...(dryRun === true ? { steps: 1 } : {}),
    ...(signal === undefined ? {} : { signal }),
  };
  try {
    if (tta === true) return await judgeMirrored(trainer.model, batches, network.outputs, options);
    const { loss = Number.NaN, accuracy = Number.NaN } = await trainer.evaluate(batches, options);
    return { loss, accuracy };
  } catch (error) {
    if (error instanceof AbortedError) return undefined;
    throw error;
  }
}
