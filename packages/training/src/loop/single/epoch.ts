import type { Model } from "@featuremap/layers";
import { NonFiniteError } from "@featuremap/tensor";
import type { CallbackList } from "../callback-list.ts";
import type { Progress } from "../../run/callback.ts";
import type { EndSignal } from "../read-ahead.ts";
import type { TrainingBatch, TrainingSource } from "../../data/training-batch.ts";
import type { Optimizer } from "../../optimizers/optimizer.ts";
import type { FitRun } from "../fit-run.ts";
import { Objective } from "../../step/objective.ts";
import type { OutputPlan } from "../../step/output-plan.ts";
import { PlainRun } from "../../run/plain-run.ts";
import { progressOf, stepText } from "../../trainer/progress.ts";
import { type PassResult, runPass } from "../run-pass.ts";
import { steadyWeights } from "../../step/sole-training.ts";
import { evaluationStep, trainingStep } from "../../step/step.ts";
import { warnOfLogits } from "../../step/warn-of-logits.ts";
import { explained } from "../too-large.ts";

/** What a pass over data works on. */
export interface PassParts {
  readonly model: Model;
  readonly optimizer: Optimizer;
  readonly outputs: readonly OutputPlan[];
  readonly source: TrainingSource;
  readonly callbacks: CallbackList;
  readonly signal: EndSignal | undefined;
}

/** Trains for one epoch; undefined if its loss is not finite and a callback wants training to end there. */
export async function trainEpoch(parts: PassParts, run: FitRun): Promise<PassResult | undefined> {
  const { optimizer, source, callbacks, signal } = parts;
  const objectiveFor = objectives(parts, (made) => {
    warnOfLogits(
      made.model,
      made.outputs.map(({ loss }) => loss),
    );
  });
  const { epoch, epochs } = run;
  let size = 0;
  try {
    return await runPass({
      ...callbacks.aroundTraining(run),
      batches: (from) => source.batches(epoch, from),
      totals: run.totals,
      resume: { step: run.step, totals: run.resumedTotals, describe: (batch) => objectiveFor(batch).judge(batch) },
      signal,
      step: (batch) => {
        ({ size } = batch);
        const measured = trainingStep(objectiveFor(batch), optimizer, batch);
        run.stepTaken();
        return measured;
      },
      goOn: () => !run.stopping,
      report: callbacks.reporting("onProgress", (each, status) => {
        const { learningRate } = optimizer;
        const progress: Progress = { epoch, epochs, ...progressOf(status, run.steps, source.size), learningRate };
        return each.onProgress(progress, run);
      }),
      place: (step) => `epoch ${epoch + 1} of ${epochs}, ${stepText(step, run.steps)}`,
    });
  } catch (error) {
    if (error instanceof NonFiniteError && callbacks.all.some((each) => each.onNonFiniteLoss(error, run)))
      return undefined;
    throw explained(error, "Trainer.fit", size, `epoch ${epoch + 1} of ${epochs}`);
  }
}

/**
 * Measures a model on data and leaves it as it is.
 *
 * @param what for errors: `evaluation`
 * @throws {NotReadyError} the model was trained meanwhile.
 */
export async function evaluatePass(parts: PassParts, owner: string, what: string): Promise<PassResult> {
  const { model, optimizer, source, callbacks, signal } = parts;
  const objectiveFor = objectives(parts);
  const run = new PlainRun(model, optimizer, source);
  // From the first batch on: what callbacks did before it was done to all.
  let requireSteady: (() => void) | undefined;
  let size = 0;
  try {
    await callbacks.tell((each) => each.onTestBegin(run));
    const result = await runPass({
      ...callbacks.aroundTest(run),
      batches: (from) => source.batches(0, from),
      signal,
      step: (batch) => {
        ({ size } = batch);
        (requireSteady ??= steadyWeights(owner, model))();
        return evaluationStep(objectiveFor(batch), batch);
      },
      goOn: () => !run.stopping,
      report: callbacks.reporting("onEvaluationProgress", (each, status) =>
        each.onEvaluationProgress(progressOf(status, run.steps, source.size)),
      ),
      place: (step) => `${what}, ${stepText(step, run.steps)}`,
    });
    if (!result.aborted) await callbacks.tell((each) => each.onTestEnd(result.totals.logs, run));
    return result;
  } catch (error) {
    throw explained(error, owner, size, what);
  } finally {
    await callbacks.tell((each) => each.onTestExit(run));
  }
}

/** The objective for a pass, made from its first batch. @param onMade looks at it first */
function objectives(
  { model, outputs }: PassParts,
  onMade?: (objective: Objective) => void,
): (batch: TrainingBatch) => Objective {
  let objective: Objective | undefined;
  return (batch) => {
    if (objective !== undefined) return objective;
    objective = new Objective(model, outputs, batch);
    onMade?.(objective);
    return objective;
  };
}
