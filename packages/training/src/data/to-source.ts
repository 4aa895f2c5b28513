import { type BatchSource, type BatchStream, InvalidConfigError, checkOptions } from "@featuremap/tensor";
import { type ArrayOrder, ArrayBatches, type TrainingArrays, arrayNames } from "./kinds/array-batches.ts";
import { type ArrayData, isArrayData, isRecord, readTensors } from "./array-data.ts";
import { type PerName, withoutMap } from "./by-name.ts";
import {
  type BatchIterable,
  type BatchMaker,
  type BatchTuple,
  type BatchUse,
  isAsyncIterable,
  isGenerator,
  isIterable,
  iterableBatches,
  sourceBatches,
  streamBatches,
} from "./kinds/given-batch.ts";
import { type ModelEnds, examplesOf, orderExamples, orderInputs } from "./ordered-arrays.ts";
import type { DataOrder, TrainingBatch, TrainingSource } from "./training-batch.ts";

/** What can be cut into batches: an `ImageDataset` of `@featuremap/datasets`. */
export interface ImageSet {
  readonly size: number;
  batch(batchSize: number, options?: { readonly shuffle?: boolean; readonly seed?: number }): BatchSource;
}

/**
 * Data with labels: a data set or batches of `@featuremap/datasets`, arrays as `{ x, y }` or `[x, y]`, or batches from a
 * list, a generator, a `Dataset`, or a function that gives those of each epoch.
 */
export type LabelledData =
  | ImageSet
  | BatchSource
  | BatchStream
  | TrainingArrays
  | BatchTuple
  | BatchIterable
  | BatchMaker;

/** The same for prediction, where labels are not looked at. */
export type InputData = PerName<ArrayData> | LabelledData;

/** Data, once it is known which they are. */
export interface GivenData {
  /** All examples; absent for what comes in batches. */
  readonly arrays?: TrainingBatch;
  /** What the arrays themselves say about their order. */
  readonly arrayOrder?: ArrayOrder;
  /** Whether they come in batches, whose size and order nobody else decides. */
  readonly inBatches: boolean;
  /** Whether its batches come but once. */
  readonly once: boolean;
  /** Batches of them. @param order for what is not in batches @throws {InvalidConfigError} an option is wrong. */
  source(order: ArrayOrder): TrainingSource;
}

const shapes =
  "a data set, its batches, { x, y }, [x, y], or a list, generator or function of batches { x, y }; or call it with (x, y)";

/**
 * The one place that asks which data it was given.
 *
 * @throws {InvalidConfigError} they are none, or arrays among them are none.
 * @throws {ShapeError} arrays hold different numbers of examples.
 */
export async function readLabelledData(owner: string, promised: unknown, ends: ModelEnds): Promise<GivenData> {
  const given = withoutMap(await promised);
  const batched = readBatches(given, { owner, ends });
  refuseWhole(owner, given);
  if (batched !== undefined) return batched;
  const data = await readTensors(given);
  if (isTuple(data)) {
    const [x, y, sampleWeight] = data;
    return arraysOf(owner, { x, y, ...(sampleWeight === undefined ? {} : { sampleWeight }) }, ends);
  }
  if (isRecord(data)) {
    checkOptions(`${owner} data`, data, arrayNames);
    return arraysOf(owner, data as unknown as TrainingArrays, ends);
  }
  if (isArrayData(data)) throw new InvalidConfigError(owner, "y", `given with x: ${shapes}`, undefined);
  throw new InvalidConfigError(owner, "data", shapes, data);
}

/** {@link readLabelledData} for prediction. */
export async function readInputData(owner: string, promised: unknown, ends: ModelEnds): Promise<GivenData> {
  const given = withoutMap(await promised);
  refuseWhole(owner, given);
  const isArrays = isArrayData(given) || Array.isArray(given);
  const batched = isArrays ? undefined : readBatches(given, { owner, ends, inputsOnly: true });
  if (batched !== undefined) return batched;
  const data = await readTensors(given);
  const isWhole = isRecord(data) && "x" in data && !(ends.inputs ?? []).includes("x");
  if (isWhole) checkOptions(`${owner} data`, data, arrayNames);
  const inputs = orderInputs(owner, "x", isWhole ? data["x"] : data, ends);
  const size = inputs[0]?.shape[0] ?? 0;
  const arrays = { inputs, targets: [], size: size === 0 ? 0 : examplesOf(owner, inputs) };
  return { arrays, inBatches: false, once: false, source: (order) => new ArrayBatches(owner, arrays, order) };
}

function arraysOf(owner: string, given: TrainingArrays, ends: ModelEnds): GivenData {
  const { batchSize, shuffle, seed } = given;
  const arrays = orderExamples(owner, given, ends);
  const arrayOrder = { batchSize, shuffle, seed };
  return {
    arrays,
    arrayOrder,
    inBatches: false,
    once: false,
    source: (order) => new ArrayBatches(owner, arrays, order),
  };
}

/** What comes in batches; undefined for what does not. */
function readBatches(given: unknown, use: BatchUse): GivenData | undefined {
  if (hasMethod(given, "modelBatches")) {
    const source = streamBatches(given as BatchStream, use);
    return { inBatches: true, once: false, source: () => source };
  }
  if (typeof given === "function" || isListOfBatches(given) || isStream(given)) {
    const source = iterableBatches(given as BatchIterable | BatchMaker, use);
    return { inBatches: true, once: isGenerator(given), source: () => source };
  }
  if (hasMethod(given, "batches")) {
    const source = sourceBatches(given as BatchSource, use);
    return { inBatches: true, once: false, source: () => source };
  }
  if (!hasMethod(given, "batch")) return undefined;
  return { inBatches: false, once: false, source: (order) => imageBatches(given as ImageSet, order, use) };
}

/** An order of its own in every epoch, as arrays have, unless it is told otherwise. */
function imageBatches(
  images: ImageSet,
  { batchSize = 32, shuffle = true, seed }: ArrayOrder,
  use: BatchUse,
): TrainingSource {
  const cut = (from: number | undefined): TrainingSource =>
    sourceBatches(images.batch(batchSize, { shuffle, ...(shuffle && from !== undefined ? { seed: from } : {}) }), use);
  let source = cut(seed);
  const order: DataOrder = {
    get seed() {
      return source.order?.seed;
    },
    assign: (other) => {
      source = cut(other);
    },
  };
  const { size, batchCount } = source;
  return {
    size,
    batchCount,
    order,
    get fingerprint() {
      return source.fingerprint;
    },
    batches: (epoch, from) => source.batches(epoch, from),
  };
}

/** A data set comes with all its parts: which of them is meant is not for anybody to guess. */
function refuseWhole(owner: string, given: unknown): void {
  if (!isRecord(given) || "x" in given) return;
  const part = Object.keys(given).find((name) => hasMethod(given[name], "batch") || hasMethod(given[name], "batches"));
  if (part === undefined) return;
  const meant = "train" in given ? "train" : part;
  throw new InvalidConfigError(owner, "data", `one part of a data set: give its ${meant}, as in data.${meant}`, given);
}

function hasMethod(given: unknown, name: string): boolean {
  return typeof given === "object" && given !== null && name in given && typeof Reflect.get(given, name) === "function";
}

/** Iterables that are no list, array or text. */
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

function isTuple(given: unknown): given is BatchTuple {
  return Array.isArray(given) && (given.length === 2 || given.length === 3);
}
