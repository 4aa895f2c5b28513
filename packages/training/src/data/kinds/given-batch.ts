import {
  type Batch,
  type BatchSource,
  type BatchStream,
  InvalidConfigError,
  type OptionNames,
  ShapeError,
  checkOptions,
  describeValue,
} from "@featuremap/tensor";
import { type ArrayData, isArrayData, readTensors } from "../array-data.ts";
import type { PerName, SomePerName } from "../by-name.ts";
import { type ModelEnds, examplesOf, orderExamples, orderInputs } from "../ordered-arrays.ts";
import type { TrainingBatch, TrainingSource } from "../training-batch.ts";

/** One batch as users give it: arrays of equally many examples, in the words of `fit`. */
export interface GivenBatch {
  readonly x: PerName<ArrayData>;
  readonly y: SomePerName<ArrayData>;
  readonly sampleWeight?: SomePerName<ArrayData> | null;
  /** Number of examples. Default: the length of `x`. */
  readonly size?: number;
}

/** The same in Keras's order. */
export type BatchTuple = readonly [
  x: PerName<ArrayData>,
  y: SomePerName<ArrayData>,
  sampleWeight?: SomePerName<ArrayData> | null,
];

/** Batches one after another: a list, a generator, a stream. */
export type BatchIterable = AsyncIterable<GivenBatch | BatchTuple> | Iterable<GivenBatch | BatchTuple>;

/** What makes the batches of an epoch, counted from 0: a generator function, for example. */
export type BatchMaker = (epoch: number) => BatchIterable | Promise<BatchIterable>;

/** Where batches go, and what of them is looked at. */
export interface BatchUse {
  /** For errors: `Trainer.fit`. */
  readonly owner: string;
  readonly ends: ModelEnds;
  /** Prediction asks for inputs alone. */
  readonly inputsOnly?: boolean;
}

const batchNames: OptionNames<GivenBatch> = { x: true, y: true, sampleWeight: true, size: true };

/**
 * A batch in a model's order, once everything about it is known to fit.
 *
 * @throws {InvalidConfigError} it is no batch, has no example, or has something that is no array.
 * @throws {ShapeError} its arrays hold different numbers of examples.
 */
export function checkBatch(given: unknown, { owner, ends, inputsOnly = false }: BatchUse): TrainingBatch {
  const what = `${owner} batch`;
  const batch: Omit<GivenBatch, "y"> = inputsOnly ? withInputs(given, ends) : asRecord(what, given);
  checkOptions(what, batch, batchNames);
  const { size } = batch;
  const ordered = inputsOnly ? inputBatch(what, batch.x, ends) : orderExamples(what, batch as GivenBatch, ends);
  if (size === undefined || size === ordered.size) return ordered;
  throw new ShapeError(what, "size", `${ordered.size}, the examples in x`, describeValue(size));
}

function inputBatch(owner: string, x: unknown, ends: ModelEnds): TrainingBatch {
  const inputs = orderInputs(owner, "x", x, ends);
  return { inputs, targets: [], size: examplesOf(owner, inputs) };
}

function asRecord(owner: string, given: unknown): GivenBatch {
  if (Array.isArray(given) && given.length >= 2 && given.length <= 3) {
    const [x, y, sampleWeight] = given as unknown as BatchTuple;
    return { x, y, ...(sampleWeight === undefined ? {} : { sampleWeight }) };
  }
  if (typeof given === "object" && given !== null && "x" in given) return given as GivenBatch;
  throw new InvalidConfigError(owner, "batch", "{ x, y, sampleWeight? } or [x, y, sampleWeight?]", given);
}

/** For prediction a batch may be its inputs alone; of `[x, y]` the labels are not looked at. */
function withInputs(given: unknown, { inputs }: ModelEnds): Pick<GivenBatch, "x" | "size"> {
  if (typeof given === "object" && given !== null && "x" in given) return given as GivenBatch;
  const isTuple = Array.isArray(given) && given.length > 1 && !isArrayData(given) && (inputs?.length ?? 1) === 1;
  return { x: (isTuple ? given[0] : given) as GivenBatch["x"] };
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
      throw new InvalidConfigError(owner, "what batches(epoch) gives", "an iterable of batches", batches);
    },
  };
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
      throw new InvalidConfigError(owner, "what the function gives", "an iterable of batches", made);
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

/** Whether it gives its batches but once, as generators and other iterators do. */
export function isGenerator(given: unknown): boolean {
  return typeof given === "object" && given !== null && "next" in given && typeof given.next === "function";
}

export function isIterable(given: unknown): given is Iterable<unknown> {
  return typeof given === "object" && given !== null && Symbol.iterator in given;
}

export function isAsyncIterable(given: unknown): given is AsyncIterable<unknown> {
  return typeof given === "object" && given !== null && Symbol.asyncIterator in given;
}

/** What to do about a generator of which more is asked than it has. */
export function exhausted(owner: string): InvalidConfigError {
  const expected = "a function that gives the batches of each epoch, or a generator that goes on for all of them";
  return new InvalidConfigError(owner, "data", expected, "a generator that has ended");
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

/** @throws {InvalidConfigError} an epoch had no batch, or not as many as the source had said. */
function checkCount(owner: string, count: number, expected: number | undefined): void {
  if (count === (expected ?? Math.max(count, 1))) return;
  const wanted = expected === undefined ? "one batch or more" : `${expected} batches, as batchCount says`;
  throw new InvalidConfigError(owner, "data", wanted, `${count}`);
}
