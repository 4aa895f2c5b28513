import { HostArray, InvalidConfigError, Option, ShapeError, formatShape } from "@featuremap/tensor";
import { classesOf } from "./class-weights.ts";
import { placeOf } from "../config/place-of.ts";
import type { ClassWeightRecord } from "./training-batch.ts";

const owner = "balancedClassWeight";

/**
 * Weights by which every class counts alike in the loss, however many examples it has: for `classWeight` of `fit`.
 *
 * `examples / (classes * examples of the class)`, over the classes that have any; the mean over all examples is 1. A class
 * without examples has no weight.
 * Source: scikit-learn `compute_class_weight("balanced")`; King and Zeng, 2001.
 *
 * @param labels class indices `[examples]` or `[examples, 1]`, or one-hot rows `[examples, classes]`
 * @param classCount number of classes, so that a label beyond them is refused. Default: as many as the labels tell
 * @throws {InvalidConfigError} a label is not a class, or there are no labels. @throws {ShapeError} labels have another shape.
 */
export function balancedClassWeight(
  labels: HostArray | ArrayLike<number>,
  classCount: number = Number.POSITIVE_INFINITY,
): ClassWeightRecord {
  if (classCount !== Number.POSITIVE_INFINITY) Option.integer().check(owner, "classCount", classCount);
  const given = arrayOf(labels);
  const isRows = given.rank === 2 && given.shape[1] !== 1;
  const expected = Number.isFinite(classCount) ? `an integer in [0, ${classCount})` : "an integer of at least 0";
  const wrong = isRows
    ? -1
    : given.data.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < classCount));
  if (wrong >= 0) throw new InvalidConfigError(owner, `labels${placeOf(given, wrong)}`, expected, given.data[wrong]);
  const columns = given.shape[1] ?? 1;
  if (isRows && classCount !== Number.POSITIVE_INFINITY && columns !== classCount) {
    throw new ShapeError(owner, "labels", `(examples) or (examples, ${classCount})`, formatShape(given.shape));
  }
  const counts = new Map<number, number>();
  const classes = classesOf(given);
  for (const each of classes) counts.set(each, (counts.get(each) ?? 0) + 1);
  const weights = [...counts].map(([each, count]) => [each, classes.length / (counts.size * count)] as const);
  return Object.fromEntries(weights.toSorted(([one], [other]) => one - other));
}

/** @throws {InvalidConfigError} there are no labels. @throws {ShapeError} the shape is not that of labels. */
function arrayOf(labels: HostArray | ArrayLike<number>): HostArray {
  const isList = Array.isArray(labels) || (ArrayBuffer.isView(labels) && "length" in labels);
  if (!(labels instanceof HostArray || isList)) {
    throw new InvalidConfigError(owner, "labels", "a HostArray or a list of class indices", labels);
  }
  const array = labels instanceof HostArray ? labels : new HostArray(Float32Array.from(labels), [labels.length]);
  if (array.size === 0) throw new InvalidConfigError(owner, "labels", "of one example or more", "none");
  if (array.rank === 1 || array.rank === 2) return array;
  throw new ShapeError(owner, "labels", "(examples) or (examples, classes)", formatShape(array.shape));
}
