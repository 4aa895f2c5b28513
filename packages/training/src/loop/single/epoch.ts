import type { Model } from "@featuremap/layers";
import { NonFiniteError } from "@featuremap/tensor";
import type { TrainingBatch, TrainingSource } from "../../data/training-batch.ts";
import type { Optimizer } from "../../optimizers/optimizer.ts";
import type { Clock } from "../../run/every-minutes.ts";
import type { GradientExchange } from "../../step/gradient-exchange.ts";
import { Objective } from "../../step/objective.ts";
import type { OutputPlan } from "../../step/output-plan.ts";
import { trainingStep } from "../../step/step.ts";
import type { Totals } from "../../step/totals.ts";
import { warnOfLogits } from "../../step/warn-of-logits.ts";
import type { CallbackList } from "../callback-list.ts";
import type { FitRun } from "../fit-run.ts";
import { type EndSignal, readAhead } from "../read-ahead.ts";
import { explained } from "../too-large.ts";
import { Reports } from "./reports.ts";
import { Results } from "./results.ts";
import { stepText } from "./step-text.ts";

/** What a pass over data works on. */
export interface PassParts {
  readonly model: Model;
  readonly optimizer: Optimizer;
  readonly outputs: readonly OutputPlan[];
  readonly source: TrainingSource;
  readonly callbacks: CallbackList;
  /** Ends the pass after the step under way. */
  readonly signal: EndSignal | undefined;
  readonly clock: Clock;
}

/** How a pass ended. */
export interface PassResult {
  /** Steps of the epoch that are done. */
  readonly step: number;
  readonly totals: Totals;
  /** Whether the signal ended it. */
  readonly aborted: boolean;
}

/**
 * Trains for one epoch: each batch is a step, whose loss and metrics come to the totals, of which callbacks hear.
 *
 * Losses stay on the device until a few times a second all that wait are read at once, so a device that works by itself
 * has its next step before it is done with this one.
 *
 * @param ranks those who train the same model
 * @returns undefined if a loss is not finite and a callback wants training to end there
 * @throws {NonFiniteError} a loss is NaN or infinite; the message names its step.
 */
export async function trainEpoch(
  parts: PassParts,
  run: FitRun,
  ranks: GradientExchange,
): Promise<PassResult | undefined> {
  const { optimizer, source, callbacks, signal, clock } = parts;
  const { epoch, epochs, step: done, totals, resumedTotals } = run;
  const [begin, end] = [callbacks.hearing("onTrainBatchBegin"), callbacks.hearing("onTrainBatchEnd")];
  const where = `epoch ${epoch + 1} of ${epochs}`;
  const results = new Results({ clock, totals, done, place: (step) => `${where}, ${stepText(step, run.steps)}` });
  const reports = new Reports({
    clock,
    results,
    source,
    listeners: callbacks.hearing("onProgress"),
    tell: (each, progress) =>
      each.onProgress({ epoch, epochs, ...progress, learningRate: optimizer.learningRate }, run),
    examplesBefore: resumedTotals?.examples,
  });
  let objective: Objective | undefined;
  let [aborted, size] = [false, 0];
  const leave = (): void => {
    aborted = true;
  };
  try {
    // The last batch that was done before an interruption tells how the totals go on.
    let wasDone = done > 0;
    for await (const batch of readAhead(source.batches(epoch, Math.max(done - 1, 0)), signal, leave)) {
      reports.arrive();
      if (wasDone) {
        wasDone = false;
        if (resumedTotals) {
          objective = begunWith(parts, batch);
          totals.restore(resumedTotals, objective.outputs, objective.outputShapes(batch.inputs));
        }
        reports.ask();
        continue;
      }
      aborted = signal?.aborted ?? false;
      if (aborted) break;

      const { step } = run;
      for (const each of begin) await each.onTrainBatchBegin(step, run);
      ({ size } = batch);
      objective ??= begunWith(parts, batch);
      results.add(trainingStep(objective, optimizer, batch, ranks));
      run.stepTaken();
      // The device has its own copy, or none at all: tensors do not outlive the step.
      batch.release?.();
      if (end.length > 0) {
        const logs = end.some((each) => each.readsBatchLogs(step)) ? await results.readLogs() : {};
        for (const each of end) await each.onTrainBatchEnd(step, logs, run);
      }
      if (run.stopping) break;

      if (results.readIsDue) await results.read();
      if (reports.isDue) await reports.send();
      if (run.stopping) break;
      if (results.pauseIsDue) await results.pause();
      reports.ask();
    }
    await results.read();
    await reports.end();
    return { step: results.step, totals, aborted };
  } catch (error) {
    if (error instanceof NonFiniteError && callbacks.all.some((each) => each.onNonFiniteLoss(error, run)))
      return undefined;
    throw explained(error, "Trainer.fit", size, where);
  } finally {
    results.dispose();
  }
}

/** What training goes by, made from its first batch. */
function begunWith({ model, outputs }: PassParts, batch: TrainingBatch): Objective {
  const objective = new Objective(model, outputs, batch);
  warnOfLogits(
    model,
    objective.outputs.map(({ loss }) => loss),
  );
  return objective;
}
