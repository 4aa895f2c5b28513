import type { DataOrder, TrainingBatch, TrainingSource } from "./training-batch.ts";

/** The first batches of each epoch. */
export function firstBatches(source: TrainingSource, count: number): TrainingSource {
  if (count >= source.batchCount) return source;
  return {
    size: Math.round((source.size * count) / source.batchCount),
    batchCount: count,
    async *batches(epoch) {
      let left = count;
      for await (const batch of source.batches(epoch)) {
        yield batch;
        if (--left === 0) return;
      }
    },
  };
}

/**
 * Epochs of so many batches each, whatever the data's own number: they go on where the epoch before ended, and through
 * the data again when those are at an end.
 *
 * An epoch has the same batches whether or not those before it were asked for.
 */
export class StepEpochs implements TrainingSource {
  readonly size: number;
  readonly batchCount: number;
  readonly order: DataOrder | undefined;
  readonly #source: TrainingSource;
  #open: AsyncIterator<TrainingBatch> | Iterator<TrainingBatch> | undefined;
  #position = 0;

  constructor(source: TrainingSource, steps: number) {
    this.#source = source;
    this.batchCount = steps;
    this.order = source.order;
    this.size = Math.round((source.size * steps) / source.batchCount);
  }

  async *batches(epoch: number): AsyncGenerator<TrainingBatch, void> {
    const start = epoch * this.batchCount;
    if (this.#open === undefined || this.#position !== start) await this.#moveTo(start);
    for (let step = 0; step < this.batchCount; step++) {
      const batch = await this.#next();
      if (batch === undefined) return;
      yield batch;
    }
  }

  async close(): Promise<void> {
    await this.#open?.return?.();
    this.#open = undefined;
  }

  async #moveTo(start: number): Promise<void> {
    await this.close();
    const { batchCount } = this.#source;
    this.#position = start - (start % batchCount);
    while (this.#position < start) if ((await this.#next()) === undefined) return;
  }

  /** The next batch, through the data as often as it takes; undefined where there is none at all. */
  async #next(): Promise<TrainingBatch | undefined> {
    for (let attempt = 0; attempt < 2; attempt++) {
      this.#open ??= this.#begin();
      const { done, value } = await this.#open.next();
      if (done !== true) {
        this.#position += 1;
        return value;
      }
      this.#open = undefined;
    }
    return undefined;
  }

  #begin(): AsyncIterator<TrainingBatch> | Iterator<TrainingBatch> {
    const batches = this.#source.batches(Math.floor(this.#position / this.#source.batchCount));
    return Symbol.asyncIterator in batches ? batches[Symbol.asyncIterator]() : batches[Symbol.iterator]();
  }
}
