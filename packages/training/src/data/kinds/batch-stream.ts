import { type BatchStream, InvalidConfigError } from "@featuremap/tensor";
import { readTensors } from "../array-data.ts";
import type { TrainingBatch, TrainingSource } from "../training-batch.ts";
import { checkCount } from "./batch-count.ts";
import { type BatchUse, checkBatch } from "./given-batch.ts";
import { hasMethod } from "./iterables.ts";

export function isBatchStream(given: unknown): given is BatchStream {
  return hasMethod(given, "modelBatches");
}

/** Batches of a {@link BatchStream}: how many there are it may know, and how many examples in them nobody before the end. */
export function streamBatches(stream: BatchStream, use: BatchUse): TrainingSource {
  const { owner } = use;
  const told = stream.size ?? Number.POSITIVE_INFINITY;
  if (told !== Number.POSITIVE_INFINITY && !(Number.isInteger(told) && told >= 1)) {
    throw new InvalidConfigError(owner, "size of the data", "one batch or more", stream.size);
  }
  let [size, batchCount] = [Number.POSITIVE_INFINITY, told];
  async function* batches(epoch: number, from = 0): AsyncGenerator<TrainingBatch, void> {
    let [examples, count] = [0, from];
    for await (const batch of stream.modelBatches(epoch, from)) {
      const next = checkBatch(await readTensors(batch), use);
      examples += next.size;
      count += 1;
      yield next;
    }
    checkCount(owner, count, Number.isFinite(told) ? Math.max(from, told) : undefined);
    if (from === 0) size = examples;
    batchCount = count;
  }
  return {
    get size() {
      return size;
    },
    get batchCount() {
      return batchCount;
    },
    batches,
  };
}
