/*
 * Data as users give them, on their way to the loop. Which part of training owns which option, as the head of Keras's
 * `epoch_iterator.py` tells it:
 *
 * - the data (`kinds/`): `x`, `y`, `sampleWeight`; how they are cut, `batchSize`, `shuffle` and `seed`, which the data's own
 *   stand for where a call gives none, and which batches have decided; `validationSplit`, for arrays.
 * - an epoch (`limited-source.ts`, `class-weights.ts`), of data of any kind: `stepsPerEpoch`, `validationSteps`, `steps`,
 *   `classWeight`.
 * - the trainer (`../trainer/`): `epochs`, `initialEpoch`, `validationData`, `validationFreq`, `callbacks`, `verbose`,
 *   `signal`, `timeLimit`, and which option is the batch size of a validation.
 */
import { type BatchSource, type BatchStream, InvalidConfigError } from "@featuremap/tensor";
import { type ArrayData, isArrayData, isRecord, readTensors } from "./array-data.ts";
import { type PerName, withoutMap } from "./by-name.ts";
import type { TrainingArrays } from "./kinds/array-batches.ts";
import { inputArrays, labelledArrays } from "./kinds/array-source.ts";
import {
  type BatchIterable,
  type BatchMaker,
  isBatchIterable,
  isGenerator,
  iterableBatches,
} from "./kinds/batch-iterable.ts";
import { isBatchSource, sourceBatches } from "./kinds/batch-source.ts";
import { isBatchStream, streamBatches } from "./kinds/batch-stream.ts";
import { BatchedSource } from "./kinds/batched-source.ts";
import type { DataSource } from "./kinds/data-source.ts";
import type { BatchTuple, BatchUse } from "./kinds/given-batch.ts";
import { type ImageSet, ImageSetSource, isImageSet } from "./kinds/image-set.ts";
import { hasMethod } from "./kinds/iterables.ts";

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

const shapes =
  "a data set, its batches, { x, y }, [x, y], or a list, generator or function of batches { x, y }; or call it with (x, y)";

/**
 * The one place that asks of which kind data are.
 *
 * @param promised what the user gave, or a promise of it
 * @throws {InvalidConfigError} they are of none, or arrays among them are none.
 * @throws {ShapeError} arrays hold different numbers of examples.
 */
export async function toSource(promised: unknown, use: BatchUse): Promise<DataSource> {
  const given = withoutMap(await promised);
  refuseWhole(use.owner, given);
  return toBatches(given, use) ?? toArrays(await readTensors(given), use);
}

function toBatches(given: unknown, use: BatchUse): DataSource | undefined {
  // Where labels are not looked at, a list holds inputs.
  if (use.inputsOnly && (isArrayData(given) || Array.isArray(given))) return undefined;
  if (isBatchStream(given)) return new BatchedSource(given, streamBatches(given, use));
  if (isBatchIterable(given)) return new BatchedSource(given, iterableBatches(given, use), isGenerator(given));
  if (isBatchSource(given)) return new BatchedSource(given, sourceBatches(given, use));
  return isImageSet(given) ? new ImageSetSource(given, use) : undefined;
}

function toArrays(given: unknown, use: BatchUse): DataSource {
  return use.inputsOnly ? inputArrays(given, use) : labelledArrays(given, use, shapes);
}

/** A data set comes with all its parts: which of them is meant is not for anybody to guess. */
function refuseWhole(owner: string, given: unknown): void {
  if (!isRecord(given) || "x" in given) return;
  const part = Object.keys(given).find((name) => hasMethod(given[name], "batch") || hasMethod(given[name], "batches"));
  if (part === undefined) return;
  const meant = "train" in given ? "train" : part;
  throw new InvalidConfigError(owner, "data", `one part of a data set: give its ${meant}, as in data.${meant}`, given);
}
