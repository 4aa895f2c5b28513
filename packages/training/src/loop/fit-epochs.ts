import { AbortedError } from "@featuremap/tensor";
import type { TrainingSource } from "../data/training-batch.ts";
import type { History } from "../run/history.ts";
import { validationLogs } from "../run/logs.ts";
import type { GradientExchange } from "../step/gradient-exchange.ts";
import type { CallbackList } from "./callback-list.ts";
import type { FitRun } from "./fit-run.ts";
import { type PassParts, trainEpoch } from "./single/epoch.ts";
import { evaluateEpoch } from "./single/evaluation.ts";
import type { TrainingEnd } from "./time-limit.ts";

/** What a training goes through. */
export interface FitParts extends PassParts {
  readonly validation: TrainingSource | undefined;
  /** Whether validation follows an epoch, counted from 0. */
  readonly validates: (epoch: number) => boolean;
  /** The signal and the time limit. */
  readonly ending: TrainingEnd;
  readonly ranks: GradientExchange;
  /** What an epoch works on in place of model and data; undefined for these. */
  readonly instead?: EpochChoice | undefined;
}

/** What an epoch trains and is judged by: such as a head, and the features of a frozen base. */
export type EpochWork = Pick<FitParts, "model" | "outputs" | "source" | "validation">;

/**
 * Asked once an epoch has begun.
 *
 * @throws {AbortedError} the signal ended it.
 */
export type EpochChoice = (epoch: number, ending: TrainingEnd) => Promise<EpochWork | undefined>;

/** All epochs of a training, each with its validation. */
export async function fitEpochs(parts: FitParts, run: FitRun): Promise<History> {
  const { model, optimizer, source, validates, callbacks, ending, ranks } = parts;
  const finished: number[] = [];
  const columns: Record<string, number[]> = {};
  let end: Pick<History, "stopped" | "abortedAt"> = {};
  try {
    await callbacks.tell((each) => each.onTrainBegin(run));
    while (run.epoch < run.epochs && !run.stopping) {
      const { epoch } = run;
      if (ending.reason === "timeLimit") {
        end = { stopped: "timeLimit" };
        await callbacks.tell((each) => each.onInterrupt(run));
        break;
      }
      await beginEpoch(run, callbacks);
      const work = await chosenWork(parts, epoch);
      if (work === undefined) {
        end = { stopped: ending.reason ?? "aborted", abortedAt: { epoch, step: run.step } };
        // Within an epoch that was restored, what it was restored from says more than the run does yet.
        if (run.resumedTotals === undefined) await callbacks.tell((each) => each.onInterrupt(run));
        break;
      }
      const { validation } = work;
      const training = await trainEpoch({ ...parts, ...work, signal: ending }, run, ranks);
      if (training === undefined) {
        end = { stopped: "nonFinite", abortedAt: { epoch, step: run.step } };
        break;
      }
      const what = `validation after epoch ${epoch + 1}`;
      const validated =
        validation && validates(epoch) && !training.aborted
          ? await evaluateEpoch({ ...parts, ...work, source: validation }, { owner: "Trainer.fit", what })
          : undefined;
      if (training.aborted || validated?.aborted) {
        end = { stopped: ending.reason ?? "aborted", abortedAt: { epoch, step: training.step } };
        await callbacks.tell((each) => each.onInterrupt(run));
        break;
      }
      const logs = run.completeEpoch({ ...training.totals.logs, ...validationLogs(validated?.totals.logs ?? {}) });
      await callbacks.tell((each) => each.onEpochEnd(epoch, logs, run));
      finished.push(epoch);
      for (const [name, value] of Object.entries(logs)) (columns[name] ??= []).push(value);
      if (run.stopping) end = { stopped: "earlyStopping" };
    }
    optimizer.finalizeVariableValues(model.trainableWeights.map((weight) => weight.variable));
    const history: History = { epoch: finished, history: columns, ...end };
    await callbacks.tell((each) => each.onTrainEnd(history, run));
    return history;
  } finally {
    await source.close?.();
    await callbacks.tell((each) => each.onTrainExit(run));
  }
}

/** What an epoch works on; undefined where the signal or the time limit ended the search for it. */
async function chosenWork(parts: FitParts, epoch: number): Promise<EpochWork | undefined> {
  const { model, outputs, source, validation, ending, instead } = parts;
  try {
    return (await instead?.(epoch, ending)) ?? { model, outputs, source, validation };
  } catch (error) {
    if (error instanceof AbortedError && ending.aborted) return undefined;
    throw error;
  }
}

/**
 * Tells callbacks of an epoch's beginning.
 *
 * Of an epoch that goes on after an interruption the learning rate is set already: callbacks that set it now would do
 * so a second time.
 */
async function beginEpoch(run: FitRun, callbacks: CallbackList): Promise<void> {
  const { optimizer, epoch } = run;
  const rate = run.begin() && optimizer.schedule === undefined ? optimizer.learningRate : undefined;
  await callbacks.tell((each) => each.onEpochBegin(epoch, run));
  if (rate !== undefined) optimizer.learningRate = rate;
}
