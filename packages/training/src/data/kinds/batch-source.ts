import { type Batch, type BatchSource, InvalidConfigError } from "@featuremap/tensor";
import { readTensors } from "../array-data.ts";
import type { TrainingBatch, TrainingSource } from "../training-batch.ts";
import { checkCount } from "./batch-count.ts";
import { type BatchUse, checkBatch } from "./given-batch.ts";
import { hasMethod, isAsyncIterable, isIterable } from "./iterables.ts";

export function isBatchSource(given: unknown): given is BatchSource {
  return hasMethod(given, "batches");
}

/**
 * Batches of a {@link BatchSource}, each of them checked where it comes in.
 *
 * @throws {InvalidConfigError} the source does not say how many examples and batches it has.
 */
export function sourceBatches(source: BatchSource, use: BatchUse): TrainingSource {
  const { owner } = use;
  for (const name of ["size", "batchCount"] as const) {
    if (Number.isInteger(source[name]) && source[name] >= 1) continue;
    throw new InvalidConfigError(owner, `${name} of the batches`, "an integer of at least 1", source[name]);
  }
  const { size, batchCount, startsAnywhere = false } = source;
  const seed: unknown = source.seed;
  return {
    size,
    batchCount,
    order: typeof seed === "number" ? { seed } : undefined,
    // It takes time, and only backups ask for it.
    get fingerprint() {
      const { fingerprint } = source;
      return typeof fingerprint === "string" ? fingerprint : undefined;
    },
    batches(epoch, from = 0) {
      const begun = startsAnywhere ? from : 0;
      const batches: unknown = begun === 0 ? source.batches(epoch) : source.batches(epoch, begun);
      const range = { begun, from, end: batchCount };
      if (isAsyncIterable(batches)) return checkedLater(batches, use, range, source.recycle?.bind(source));
      if (isIterable(batches)) return checked(batches, use, range);
      throw new InvalidConfigError(owner, "the result of batches(epoch)", "an iterable of batches", batches);
    },
  };
}

/** Which batches of an epoch come, and which of them are wanted; counted from 0. */
interface BatchRange {
  /** The first that the source gives. */
  readonly begun: number;
  /** The first that is wanted. */
  readonly from: number;
  /** The number of batches in the whole epoch. */
  readonly end: number;
}

function* checked(batches: Iterable<unknown>, use: BatchUse, range: BatchRange): Generator<TrainingBatch, void> {
  let count = range.begun;
  for (const batch of batches) {
    if (count++ >= range.from) yield checkBatch(batch, use);
  }
  checkEnd(use.owner, count, range);
}

async function* checkedLater(
  batches: AsyncIterable<unknown>,
  use: BatchUse,
  range: BatchRange,
  recycle: ((batch: Batch) => void) | undefined,
): AsyncGenerator<TrainingBatch, void> {
  let count = range.begun;
  for await (const batch of batches) {
    if (count++ < range.from) continue;
    const next = checkBatch(await readTensors(batch), use);
    yield recycle === undefined ? next : { ...next, release: () => recycle(batch as Batch) };
  }
  checkEnd(use.owner, count, range);
}

/** @throws {InvalidConfigError} the source gave fewer batches than it had said, or more. */
function checkEnd(owner: string, count: number, { begun, end }: BatchRange): void {
  checkCount(owner, count, Math.max(begun, end));
}
