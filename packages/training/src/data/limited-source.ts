import type { DataOrder, TrainingBatch, TrainingSource } from "./training-batch.ts";

/** The first batches of each epoch. */
export function firstBatches(source: TrainingSource, count: number): TrainingSource {
  if (count >= source.batchCount) return source;
  return {
    size: sizeOfBatches(source, count),
    batchCount: count,
    order: source.order,
    get fingerprint() {
      return source.fingerprint;
    },
    close: async () => source.close?.(),
    async *batches(epoch, from = 0) {
      let left = count - from;
      if (left <= 0) return;
      for await (const batch of source.batches(epoch, from)) {
        yield batch;
        if (--left === 0) return;
      }
    },
  };
}

/** How {@link StepEpochs} goes through data. */
export interface StepEpochsOptions {
  /** Batches of an epoch. */
  readonly steps: number;
  /** The first epoch of this training, with which the data begin. */
  readonly initialEpoch: number;
  /** Whether an epoch goes on with the data's beginning after their end; else it ends there, whatever is missing. */
  readonly endless: boolean;
}

/**
 * Epochs of so many batches each, whatever the data's own number: they go on where the epoch before ended, and begin
 * anew after the data's end.
 *
 * An epoch has the same batches whether or not those before it were asked for.
 * Source: Keras 3's `EpochIterator`; endless ones are as `tf.data`'s `repeat()` makes them.
 */
export class StepEpochs implements TrainingSource {
  readonly size: number;
  readonly batchCount: number;
  readonly order: DataOrder | undefined;
  readonly #source: TrainingSource;
  readonly #options: StepEpochsOptions;
  /** Steps from one begin of the data to the next. */
  readonly #passLength: number;
  #open: AsyncIterator<TrainingBatch> | Iterator<TrainingBatch> | undefined;
  #position = 0;
  /** Times that data of unknown length have ended. */
  #ends = 0;

  constructor(source: TrainingSource, options: StepEpochsOptions) {
    const { steps, endless } = options;
    this.#source = source;
    this.#options = options;
    this.#passLength = endless ? source.batchCount : Math.ceil(source.batchCount / steps) * steps;
    this.batchCount = endless ? steps : Math.min(steps, source.batchCount);
    this.order = source.order;
    this.size = sizeOfBatches(source, this.batchCount);
  }

  get fingerprint(): string | undefined {
    return this.#source.fingerprint;
  }

  async *batches(epoch: number, from: number = 0): AsyncGenerator<TrainingBatch, void> {
    const { steps, initialEpoch } = this.#options;
    const start = (epoch - initialEpoch) * steps + from;
    if (this.#open === undefined || this.#position !== start) await this.#moveTo(start);
    for (let step = from; step < steps; step++) {
      const batch = await this.#next();
      if (batch === undefined) return;
      yield batch;
    }
    if (this.#position % this.#passLength === 0) await this.close();
  }

  async close(): Promise<void> {
    await this.#open?.return?.();
    this.#open = undefined;
  }

  async #moveTo(start: number): Promise<void> {
    await this.close();
    this.#position = Number.isFinite(this.#passLength) ? start : 0;
    this.#ends = 0;
    while (this.#position < start) if ((await this.#next()) === undefined) return;
  }

  /** The next batch; undefined where an epoch ends for want of one. */
  async #next(): Promise<TrainingBatch | undefined> {
    for (let attempt = 0; attempt < 2; attempt++) {
      this.#open ??= this.#begin();
      const { done, value } = await this.#open.next();
      if (done !== true) {
        this.#position += 1;
        return value;
      }
      this.#open = undefined;
      this.#ends += 1;
      if (!this.#options.endless) return undefined;
    }
    return undefined;
  }

  #begin(): AsyncIterator<TrainingBatch> | Iterator<TrainingBatch> {
    const length = this.#passLength;
    const isKnown = Number.isFinite(length);
    const pass = this.#options.initialEpoch + (isKnown ? Math.floor(this.#position / length) : this.#ends);
    const batches = this.#source.batches(pass, isKnown ? this.#position % length : 0);
    return Symbol.asyncIterator in batches ? batches[Symbol.asyncIterator]() : batches[Symbol.iterator]();
  }
}

/** Examples in so many batches of a source, as far as it knows its own. */
function sizeOfBatches({ size, batchCount }: TrainingSource, count: number): number {
  return Number.isFinite(size) ? Math.round((size * count) / batchCount) : Number.POSITIVE_INFINITY;
}
