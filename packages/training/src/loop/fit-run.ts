import type { Model } from "@featuremap/layers";
import { InvalidConfigError } from "@featuremap/tensor";
import type { Callback, TrainingRun } from "../run/callback.ts";
import type { Direction } from "../metrics/metric.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { RunState } from "../run/run-state.ts";
import { type TotalsState } from "../run/logs.ts";
import { Totals } from "../step/totals.ts";
import type { KnownPictures } from "@featuremap/formats";
import type { TrainingSource } from "../data/training-batch.ts";

/** What a run is made of. */
export interface FitRunParts {
  readonly model: Model;
  readonly optimizer: Optimizer;
  readonly source: TrainingSource;
  readonly initialEpoch: number;
  readonly epochs: number;
  readonly callbacks: readonly Callback[];
  readonly logs: ReadonlyMap<string, Direction | undefined>;
  readonly pictures: KnownPictures | undefined;
}

/** Where one call of `fit` stands. */
export class FitRun implements TrainingRun {
  readonly model: Model;
  readonly optimizer: Optimizer;
  readonly initialEpoch: number;
  readonly epochs: number;
  readonly callbacks: readonly Callback[];
  readonly logs: ReadonlyMap<string, Direction | undefined>;
  readonly pictures: KnownPictures | undefined;
  readonly #source: TrainingSource;
  #stopping = false;
  #epoch: number;
  #step = 0;
  #begun = false;
  #totals = new Totals();
  #resumedTotals: TotalsState | undefined;
  #recorded: Record<string, number> = {};

  constructor({ model, optimizer, source, initialEpoch, epochs, callbacks, logs, pictures }: FitRunParts) {
    this.model = model;
    this.optimizer = optimizer;
    this.initialEpoch = initialEpoch;
    this.epochs = epochs;
    this.callbacks = callbacks;
    this.logs = logs;
    this.pictures = pictures;
    this.#source = source;
    this.#epoch = initialEpoch;
  }

  /** Steps of an epoch; infinite while nobody knows where the data end. */
  get steps(): number {
    return this.#source.batchCount;
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  /** The epoch under way, or the next one. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Batches done in it. */
  get step(): number {
    return this.#step;
  }

  /** Notes that an epoch begins. Says whether it had begun already, before an interruption. */
  begin(): boolean {
    const before = this.#begun;
    this.#begun = true;
    return before;
  }

  /** Sums over the batches of the epoch under way that have been read. */
  get totals(): Totals {
    return this.#totals;
  }

  /** Sums of the batches that were done before an interruption. */
  get resumedTotals(): TotalsState | undefined {
    return this.#resumedTotals;
  }

  stop(): void {
    this.#stopping = true;
  }

  record(name: string, value: number): void {
    this.#recorded[name] = value;
  }

  resumeAt(epoch: number): void {
    this.#epoch = Math.max(this.#epoch, epoch);
  }

  /** Another batch's work is with the device. */
  stepTaken(): void {
    this.#step += 1;
  }

  /** All batches are done. @returns the epoch's logs, to which callbacks add by {@link record} */
  completeEpoch(logs: Record<string, number>): Record<string, number> {
    this.#epoch += 1;
    this.#step = 0;
    this.#begun = false;
    this.#totals = new Totals();
    this.#resumedTotals = undefined;
    this.#recorded = logs;
    return logs;
  }

  saveState(): RunState {
    const { order, fingerprint } = this.#source;
    const { seed } = order ?? {};
    return {
      epoch: this.#epoch,
      begun: this.#begun,
      step: this.#step,
      ...(this.#step > 0 ? { totals: this.#totals.save() } : {}),
      random: Object.fromEntries(this.model.randomStates()),
      ...(seed === undefined ? {} : { seed }),
      ...(fingerprint === undefined ? {} : { fingerprint }),
    };
  }

  /** @throws {InvalidConfigError} the data, or their order, are others than before. @throws {FormatError} a layer's state is missing. */
  restoreState({ epoch, begun, step, totals, random, seed, fingerprint }: RunState): void {
    const { order } = this.#source;
    const isOther = seed !== order?.seed;
    if (isOther && (order?.assign === undefined || seed === undefined)) {
      const expected = `${seed ?? "none"}, as in the training that was interrupted`;
      throw new InvalidConfigError("Trainer.fit", "seed of the batches", expected, order?.seed ?? "none");
    }
    // Older backups have none.
    const found = fingerprint === undefined ? undefined : (this.#source.fingerprint ?? "none");
    if (found !== fingerprint) {
      const expected =
        "that of the training that was interrupted: the same examples, labels and options (or backupDir another folder)";
      throw new InvalidConfigError("Trainer.fit", "fingerprint of the data", expected, found);
    }
    if (isOther && seed !== undefined) order?.assign?.(seed);
    this.model.restoreRandomStates(new Map(Object.entries(random)));
    this.#epoch = Math.max(this.#epoch, epoch);
    if (this.#epoch > epoch) return;
    this.#begun = begun;
    this.#step = step;
    this.#resumedTotals = totals;
  }
}
