import type { Callback, EvaluationProgress } from "../../run/callback.ts";
import type { Clock } from "../../run/every-minutes.ts";
import type { TrainingSource } from "../../data/training-batch.ts";
import type { Results } from "./results.ts";

/** Time in milliseconds between two reports. */
const reportInterval = 250;

/** What reports tell, and to whom. */
export interface ReportsOptions {
  readonly clock: Clock;
  readonly results: Results;
  /** The data of the pass. */
  readonly source: Pick<TrainingSource, "size" | "batchCount">;
  /** Who hears of it. */
  readonly listeners: readonly Callback[];
  readonly tell: (listener: Callback, progress: EvaluationProgress) => void | Promise<void>;
  /** Examples in the totals of a call that was interrupted. Default: 0. */
  readonly examplesBefore?: number | undefined;
}

/** Tells how far a pass is, at most four times a second and at its end. Without listeners it leaves the clock alone. */
export class Reports {
  readonly #options: ReportsOptions;
  readonly #hasListeners: boolean;
  readonly #start: number;
  readonly #stepsBefore: number;
  #last = Number.NEGATIVE_INFINITY;
  #asked: number;
  #waited = 0;

  constructor(options: ReportsOptions) {
    this.#options = options;
    this.#hasListeners = options.listeners.length > 0;
    this.#start = options.clock();
    this.#asked = this.#start;
    this.#stepsBefore = options.results.step;
  }

  /** The loop asks for the next batch. */
  ask(): void {
    if (this.#hasListeners) this.#asked = this.#options.clock();
  }

  /** It has come. */
  arrive(): void {
    if (this.#hasListeners) this.#waited += this.#options.clock() - this.#asked;
  }

  get isDue(): boolean {
    const { results, clock } = this.#options;
    return this.#hasListeners && results.areRead && clock() - this.#last >= reportInterval;
  }

  async send(): Promise<void> {
    this.#last = this.#options.clock();
    await this.#tell();
  }

  /** The last report, unless no step was taken. */
  async end(): Promise<void> {
    if (this.#options.results.step > this.#stepsBefore) await this.#tell();
  }

  async #tell(): Promise<void> {
    if (!this.#hasListeners) return;
    const progress = this.#progress();
    for (const each of this.#options.listeners) await this.#options.tell(each, progress);
  }

  #progress(): EvaluationProgress {
    const { clock, results, source, examplesBefore = 0 } = this.#options;
    const { step, totals } = results;
    const { size, batchCount: steps } = source;
    const milliseconds = clock() - this.#start;
    const seconds = milliseconds / 1000;
    const imagesPerSecond = (totals.examples - examplesBefore) / seconds;
    const secondsLeft = Number.isFinite(size)
      ? Math.max(size - totals.examples, 0) / imagesPerSecond
      : ((steps - step) * seconds) / step;
    const waiting = milliseconds > 0 ? Math.min(this.#waited / milliseconds, 1) : 0;
    return { step, steps, imagesPerSecond, loss: totals.loss, metrics: totals.metrics, secondsLeft, waiting };
  }
}
