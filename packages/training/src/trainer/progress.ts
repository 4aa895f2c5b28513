import { InvalidConfigError } from "@featuremap/tensor";
import { CallbackList } from "../loop/callback-list.ts";
import type { Callback, EvaluationProgress } from "../run/callback.ts";
import { ProgressLines, type Verbosity, checkVerbosity } from "../callbacks/progress-lines.ts";
import type { FitRun } from "../loop/fit-run.ts";
import type { PassStatus } from "../loop/run-pass.ts";

/** The callbacks of a call, and what its `verbose` asks for. @throws {InvalidConfigError} either is wrong. */
export function callbackList(
  owner: string,
  { callbacks = [], verbose }: { readonly callbacks?: readonly Callback[]; readonly verbose?: Verbosity },
): CallbackList {
  const level = checkVerbosity(owner, verbose);
  const given = new CallbackList(owner, callbacks);
  return level === 0 ? given : new CallbackList(owner, [...given.all, new ProgressLines(level)]);
}

/** @throws {InvalidConfigError} it is no `AbortSignal`. */
export function checkSignal(owner: string, signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal === undefined || (typeof signal === "object" && typeof signal?.aborted === "boolean")) return signal;
  throw new InvalidConfigError(owner, "signal", "an AbortSignal", signal);
}

/**
 * Tells callbacks of an epoch's beginning.
 *
 * Of an epoch that goes on after an interruption the learning rate is set already: callbacks that set it now would do
 * so a second time.
 */
export async function beginEpoch(run: FitRun, callbacks: CallbackList): Promise<void> {
  const { optimizer, epoch } = run;
  const rate = run.begin() && optimizer.schedule === undefined ? optimizer.learningRate : undefined;
  await callbacks.tell((each) => each.onEpochBegin(epoch, run));
  if (rate !== undefined) optimizer.learningRate = rate;
}

/** Where a step stands, as far as the number of steps is known. */
export function stepText(step: number, steps: number): string {
  return Number.isFinite(steps) ? `step ${step} of ${steps}` : `step ${step}`;
}

/** How far a pass is, for callbacks. */
export function progressOf(
  { step, seconds, examples, totals, waiting }: PassStatus,
  steps: number,
  size: number,
): EvaluationProgress {
  const imagesPerSecond = examples / seconds;
  const secondsLeft = Number.isFinite(size)
    ? Math.max(size - totals.examples, 0) / imagesPerSecond
    : ((steps - step) * seconds) / step;
  return { step, steps, imagesPerSecond, loss: totals.loss, metrics: totals.metrics, secondsLeft, waiting };
}
