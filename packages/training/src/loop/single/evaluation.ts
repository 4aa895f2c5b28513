import { Objective } from "../../step/objective.ts";
import { PlainRun } from "../../run/plain-run.ts";
import { steadyWeights } from "../../step/sole-training.ts";
import { evaluationStep } from "../../step/step.ts";
import { Totals } from "../../step/totals.ts";
import { readAhead } from "../read-ahead.ts";
import { explained } from "../too-large.ts";
import type { PassParts, PassResult } from "./epoch.ts";
import { Reports } from "./reports.ts";
import { Results } from "./results.ts";
import { stepText } from "./step-text.ts";

/** Who evaluates, for errors. */
export interface Evaluator {
  /** `Trainer.evaluate` */
  readonly owner: string;
  /** `evaluation` */
  readonly what: string;
}

/**
 * Measures a model on data and leaves it as it is.
 *
 * @throws {NonFiniteError} a loss is NaN or infinite; the message names its step.
 * @throws {NotReadyError} the model was trained meanwhile.
 */
export async function evaluateEpoch(parts: PassParts, evaluator: Evaluator): Promise<PassResult> {
  const { model, optimizer, source, callbacks } = parts;
  const run = new PlainRun(model, optimizer, source);
  try {
    await callbacks.tell((each) => each.onTestBegin(run));
    const result = await evaluateBatches(parts, run, evaluator);
    if (!result.aborted) await callbacks.tell((each) => each.onTestEnd(result.totals.logs, run));
    return result;
  } finally {
    await callbacks.tell((each) => each.onTestExit(run));
  }
}

async function evaluateBatches(parts: PassParts, run: PlainRun, { owner, what }: Evaluator): Promise<PassResult> {
  const { model, outputs, source, callbacks, signal, clock } = parts;
  const [begin, end] = [callbacks.hearing("onTestBatchBegin"), callbacks.hearing("onTestBatchEnd")];
  const totals = new Totals();
  const results = new Results({ clock, totals, place: (step) => `${what}, ${stepText(step, run.steps)}` });
  const listeners = callbacks.hearing("onEvaluationProgress");
  const reports = new Reports({
    clock,
    results,
    source,
    listeners,
    tell: (each, progress) => each.onEvaluationProgress(progress),
  });
  let objective: Objective | undefined;
  // From the first batch on: what callbacks did before it was done to all.
  let requireSteady: (() => void) | undefined;
  let [aborted, size, step] = [false, 0, 0];
  const leave = (): void => {
    aborted = true;
  };
  try {
    for await (const batch of readAhead(source.batches(0), signal, leave)) {
      reports.arrive();
      aborted = signal?.aborted ?? false;
      if (aborted) break;

      for (const each of begin) await each.onTestBatchBegin(step, run);
      ({ size } = batch);
      (requireSteady ??= steadyWeights(owner, model))();
      objective ??= new Objective(model, outputs, batch);
      results.add(evaluationStep(objective, batch));
      // The device has its own copy, or none at all: tensors do not outlive the step.
      batch.release?.();
      if (end.length > 0) {
        const logs = end.some((each) => each.readsBatchLogs(step)) ? await results.readLogs() : {};
        for (const each of end) await each.onTestBatchEnd(step, logs, run);
      }
      step += 1;
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
    throw explained(error, owner, size, what);
  } finally {
    results.dispose();
  }
}
