import { InvalidConfigError } from "@featuremap/tensor";
import type { Logs } from "../run/logs.ts";
import { Callback, type CallbackRun, type Progress, type TrainingRun } from "../run/callback.ts";
import { say } from "../run/say.ts";

/** How much `fit` and `evaluate` report on the console: nothing, lines during an epoch too, or one line for each epoch. */
export type Verbosity = 0 | 1 | 2;

/** Milliseconds between two lines within an epoch. */
const lineInterval = 5000;

/** @throws {InvalidConfigError} it is none of the three. */
export function checkVerbosity(owner: string, verbose: number | undefined): Verbosity {
  const given = verbose ?? 0;
  if (given === 0 || given === 1 || given === 2) return given;
  throw new InvalidConfigError(owner, "verbose", "0, 1 or 2", given);
}

/**
 * Reports on the console how training goes: `938/938 - 12s - 13ms/step - accuracy: 0.9123 - loss: 0.3021`.
 *
 * Source: Keras 3 `ProgbarLogger` with `verbose=2`; with 1, a line every five seconds replaces its bar.
 */
export class ProgressLines extends Callback {
  static override readonly className: string = "ProgressLines";
  override readonly last = true;
  readonly #verbose: Verbosity;
  #inFit = false;
  #began = 0;
  #lastLine = 0;
  #steps = 0;

  constructor(verbose: Verbosity) {
    super();
    this.#verbose = verbose;
  }

  override onTrainBegin(): void {
    this.#inFit = true;
  }

  override onEpochBegin(epoch: number, { epochs }: TrainingRun): void {
    this.#began = this.#lastLine = performance.now();
    say(`Epoch ${epoch + 1}/${epochs}`);
  }

  override onProgress({ step, steps, loss, metrics }: Progress): void {
    this.#steps = step;
    if (this.#verbose !== 1 || step === steps || performance.now() - this.#lastLine < lineInterval) return;
    this.#lastLine = performance.now();
    say(this.#line(step, steps, { loss, ...metrics }));
  }

  override onEpochEnd(_epoch: number, logs: Logs, { steps }: TrainingRun): void {
    say(this.#line(this.#steps, steps, logs));
  }

  override onTestBegin(): void {
    if (!this.#inFit) this.#began = performance.now();
  }

  override onTestEnd(logs: Logs, { steps }: CallbackRun): void {
    if (!this.#inFit) say(this.#line(steps, steps, logs));
  }

  override onPredictBegin(): void {
    this.#began = performance.now();
  }

  override onPredictEnd({ steps }: CallbackRun): void {
    say(this.#line(steps, steps, {}));
  }

  #line(step: number, steps: number, logs: Logs): string {
    const seconds = (performance.now() - this.#began) / 1000;
    const numbers = Object.entries(logs)
      .toSorted(([one], [other]) => Number(one.startsWith("val_")) - Number(other.startsWith("val_")))
      .map(([name, value]) => `${name}: ${formatted(value)}`);
    const each = `${Math.round((seconds / Math.max(step, 1)) * 1000)}ms/step`;
    const of = Number.isFinite(steps) ? steps : "?";
    return [`${step}/${of}`, `${Math.round(seconds)}s`, each, ...numbers].join(" - ");
  }
}

function formatted(value: number): string {
  return Math.abs(value) > 1e-3 || value === 0 ? value.toFixed(4) : value.toExponential(4);
}
