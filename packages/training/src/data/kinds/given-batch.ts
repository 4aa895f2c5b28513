import { InvalidConfigError, type OptionNames, ShapeError, checkOptions, describeValue } from "@featuremap/tensor";
import { type ArrayData, isArrayData } from "../array-data.ts";
import type { PerName, SomePerName } from "../by-name.ts";
import { type ModelEnds, examplesOf, orderExamples, orderInputs } from "../ordered-arrays.ts";
import type { TrainingBatch } from "../training-batch.ts";

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
 * @throws {InvalidConfigError} it is not a batch, has no example, or has something that is not an array.
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
  if (isTuple(given)) {
    const [x, y, sampleWeight] = given;
    return { x, y, ...(sampleWeight === undefined ? {} : { sampleWeight }) };
  }
  if (typeof given === "object" && given !== null && "x" in given) return given as GivenBatch;
  throw new InvalidConfigError(owner, "batch", "{ x, y, sampleWeight? } or [x, y, sampleWeight?]", given);
}

/** For prediction a batch may be its inputs alone; of `[x, y]` the labels are not looked at. */
function withInputs(given: unknown, { inputs }: ModelEnds): Pick<GivenBatch, "x" | "size"> {
  if (typeof given === "object" && given !== null && "x" in given) return given as GivenBatch;
  const hasLabels = Array.isArray(given) && given.length > 1 && !isArrayData(given) && (inputs?.length ?? 1) === 1;
  return { x: (hasLabels ? given[0] : given) as GivenBatch["x"] };
}

export function isTuple(given: unknown): given is BatchTuple {
  return Array.isArray(given) && (given.length === 2 || given.length === 3);
}
