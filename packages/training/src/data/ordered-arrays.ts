import { HostArray, InvalidConfigError, type Shape, ShapeError, formatShape, shapeAccepts } from "@featuremap/tensor";
import { type ArrayData, hostArray, isArrayData, isRecord } from "./array-data.ts";
import { type PerName, type SomePerName, orderByName, orderSome, withoutMap } from "./by-name.ts";
import { placeOf } from "../config/place-of.ts";
import type { TrainingBatch } from "./training-batch.ts";

/** Names of a model's inputs and outputs, in its order; undefined while it has only one of each and no names yet. */
export interface ModelEnds {
  readonly inputs: readonly string[] | undefined;
  readonly outputs: readonly string[] | undefined;
  /** Names of the outputs that have neither loss nor metrics, and so need no labels. */
  readonly unjudged?: readonly string[] | undefined;
  /** Shapes of one example of each input; absent while they are not known. */
  readonly inputShapes?: readonly Shape[] | undefined;
}

/** Inputs, labels and weights of some examples, however they come. */
export interface ExampleData {
  readonly x: PerName<ArrayData>;
  readonly y: SomePerName<ArrayData>;
  readonly sampleWeight?: SomePerName<ArrayData> | null | undefined;
}

/**
 * Inputs, labels and weights in a model's order: one batch, however long.
 *
 * @throws {InvalidConfigError} something is not an array, there is no example, arrays do not fit the model's names, or a
 * weight is negative or not finite.
 * @throws {ShapeError} the arrays hold different numbers of examples.
 */
export function orderExamples(owner: string, given: ExampleData, ends: ModelEnds): TrainingBatch {
  const inputs = orderInputs(owner, "x", given.x, ends);
  const { outputs, unjudged = [] } = ends;
  const several = (outputs?.length ?? 1) > 1;
  const labels = hostArrays(owner, "y", given.y, several);
  const targets = orderSome(owner, "y", labels, isHostArray, outputs, (name) => unjudged.includes(name));
  const size = examplesOf(owner, inputs);
  if (targets.some((y) => y && y.shape[0] !== size)) refuseMisshapen(owner, inputs, ends);
  for (const y of targets) checkExamples(owner, "y", y, `labels for ${size} examples`, size);
  const weights = given.sampleWeight ? orderWeights(owner, given.sampleWeight, ends) : undefined;
  for (const each of weights ?? []) {
    checkExamples(owner, "sampleWeight", each, `weights for ${size} examples`, size);
    if (each) checkWeights(owner, each);
  }
  return { inputs, targets, sampleWeights: weights, size };
}

/** A model's inputs in its order. @throws {InvalidConfigError} they are not arrays, or do not fit the names. */
export function orderInputs(
  owner: string,
  option: string,
  given: unknown,
  { inputs: names, inputShapes }: ModelEnds,
): readonly HostArray[] {
  const several = (names?.length ?? 1) > 1;
  const arrays = hostArrays(owner, option, given, several, (key) =>
    typeof key === "number" ? inputShapes?.[key] : inputShapes?.[names?.indexOf(key) ?? 0],
  );
  return orderByName(owner, option, arrays as PerName<HostArray>, isHostArray, names);
}

/** Number of examples. @throws {ShapeError} inputs differ in it. @throws {InvalidConfigError} there are no examples. */
export function examplesOf(owner: string, inputs: readonly HostArray[]): number {
  const size = inputs[0]?.shape[0] ?? 0;
  if (size === 0) throw new InvalidConfigError(owner, "x", "one example or more", "none");
  for (const x of inputs) checkExamples(owner, "x", x, `of ${size} examples`, size);
  return size;
}

/** Inputs of another shape than the model's: where labels do not go with them, the fault is theirs. */
function refuseMisshapen(owner: string, inputs: readonly HostArray[], { inputShapes = [] }: ModelEnds): void {
  for (const [index, { shape }] of inputs.entries()) {
    const expected = [null, ...(inputShapes[index] ?? shape.slice(1))];
    if (!shapeAccepts(expected, shape)) throw new ShapeError(owner, "x", formatShape(expected), formatShape(shape));
  }
}

/** One array of weights serves all outputs; a record has one for each that is judged, as in Keras. */
function orderWeights(
  owner: string,
  given: SomePerName<ArrayData>,
  { outputs, unjudged = [] }: ModelEnds,
): readonly (HostArray | undefined)[] {
  if (isArrayData(given) && !(Array.isArray(given) && outputs?.length === given.length && given.length > 1)) {
    return [hostArray(owner, "sampleWeight", given)];
  }
  const several = (outputs?.length ?? 1) > 1;
  const arrays = hostArrays(owner, "sampleWeight", given, several);
  const mayLack = (name: string): boolean => Array.isArray(arrays) || name in arrays || unjudged.includes(name);
  return orderSome(owner, "sampleWeight", arrays, isHostArray, outputs, mayLack);
}

/** What was given as one array, a list or a record of them, with a host array in the place of each; null stays. */
function hostArrays(
  owner: string,
  option: string,
  found: unknown,
  several: boolean,
  entry: (key: number | string) => Shape | undefined = () => undefined,
): HostArray | readonly (HostArray | null)[] | Readonly<Record<string, HostArray | null>> {
  const given = withoutMap(found);
  const convert = (each: unknown, key: number | string): HostArray | null =>
    each === null ? null : hostArray(owner, option, each, entry(key));
  if (isArrayData(given) && !(several && Array.isArray(given))) return hostArray(owner, option, given, entry(0));
  if (Array.isArray(given)) return given.map(convert);
  if (isRecord(given))
    return Object.fromEntries(Object.entries(given).map(([name, each]) => [name, convert(each, name)]));
  return hostArray(owner, option, given);
}

/** What counts less than nothing, or nobody knows how much, would make the loss a number without a meaning. */
function checkWeights(owner: string, weights: HostArray): void {
  const wrong = weights.data.findIndex((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY));
  if (wrong < 0) return;
  const expected = `0 or a positive number (at ${placeOf(weights, wrong)} too)`;
  throw new InvalidConfigError(owner, "sampleWeight", expected, weights.data[wrong]);
}

function isHostArray(value: unknown): value is HostArray {
  return value instanceof HostArray;
}

function checkExamples(
  owner: string,
  what: string,
  array: HostArray | undefined,
  expected: string,
  size: number,
): void {
  if (array === undefined || array.shape[0] === size) return;
  throw new ShapeError(owner, what, expected, `${array.shape[0] ?? 0}`);
}
