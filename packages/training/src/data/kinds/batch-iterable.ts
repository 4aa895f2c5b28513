import { InvalidConfigError } from "@featuremap/tensor";
import { isArrayData, isRecord, readTensors } from "../array-data.ts";
import type { TrainingBatch, TrainingSource } from "../training-batch.ts";
import { checkCount } from "./batch-count.ts";
import { type BatchTuple, type BatchUse, type GivenBatch, checkBatch, isTuple } from "./given-batch.ts";
import { hasMethod, isAsyncIterable, isIterable } from "./iterables.ts";

/** Batches one after another: a list, a generator, a stream. */
export type BatchIterable = AsyncIterable<GivenBatch | BatchTuple> | Iterable<GivenBatch | BatchTuple>;

/** What makes the batches of an epoch, counted from 0: a generator function, for example. */
export type BatchMaker = (epoch: number) => BatchIterable | Promise<BatchIterable>;

/** Whether it is a function or an iterable of batches, and no list of arrays. */
export function isBatchIterable(given: unknown): given is BatchIterable | BatchMaker {
  return typeof given === "function" || isListOfBatches(given) || isStream(given);
}

/** Iterables that are not a list, array or text. */
function isStream(given: unknown): boolean {
  if (Array.isArray(given) || isArrayData(given) || hasMethod(given, "batches")) return false;
  return isAsyncIterable(given) || isIterable(given);
}

function isListOfBatches(given: unknown): boolean {
  if (!Array.isArray(given) || given.length === 0) return false;
  const isBatch = (each: unknown): boolean => isRecord(each) && "x" in each;
  const isPair = (each: unknown): boolean => isTuple(each) && !isArrayData(each);
  return given.every((each) => isBatch(each)) || (given.length > 3 && given.every((each) => isPair(each)));
}

/** Whether it gives its batches but once, as generators and other iterators do. */
export function isGenerator(given: unknown): boolean {
  return typeof given === "object" && given !== null && "next" in given && typeof given.next === "function";
}

/**
 * Batches of which nobody knows how many there are, until they have been gone through once.
 *
 * @param given an iterable, or a function that gives one for each epoch
 */
export function iterableBatches(given: BatchIterable | BatchMaker, use: BatchUse): TrainingSource {
  const { owner } = use;
  let [size, batchCount] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let begun = false;
  async function* batches(epoch: number, from = 0): AsyncGenerator<TrainingBatch, void> {
    if (begun && isGenerator(given)) throw exhausted(owner);
    begun = true;
    const made: unknown = typeof given === "function" ? await given(epoch) : given;
    if (!isAsyncIterable(made) && !isIterable(made)) {
      throw new InvalidConfigError(owner, "the result of the function", "an iterable of batches", made);
    }
    let [examples, count] = [0, 0];
    for await (const batch of made) {
      const next = checkBatch(await readTensors(batch), use);
      examples += next.size;
      count += 1;
      if (count > from) yield next;
    }
    checkCount(owner, count, undefined);
    [size, batchCount] = [examples, count];
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

/** What to do about a generator of which more is asked than it has. */
export function exhausted(owner: string): InvalidConfigError {
  const expected = "a function that gives the batches of each epoch, or a generator that goes on for all of them";
  return new InvalidConfigError(owner, "data", expected, "a generator that has ended");
}
