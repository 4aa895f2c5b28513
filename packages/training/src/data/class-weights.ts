import { HostArray, InvalidConfigError, type TypedArray, sizeOf } from "@featuremap/tensor";
import { recordOf } from "./by-name.ts";
import type { ClassWeight, ClassWeightRecord, TrainingBatch, TrainingSource } from "./training-batch.ts";

/** @throws {InvalidConfigError} it is not a record or Map, or a class or a weight is not a number of at least 0. */
export function checkClassWeight(owner: string, given: ClassWeight): ClassWeightRecord {
  const weights = recordOf<number>(owner, "classWeight", given, "a record or Map of weights by class index");
  for (const [label, weight] of Object.entries(weights)) {
    if (!/^(0|[1-9]\d*)$/.test(label)) throw new InvalidConfigError(owner, "classWeight", "by class index", label);
    if (!(weight >= 0 && Number.isFinite(weight))) {
      throw new InvalidConfigError(owner, "classWeight", "0 or a positive number for each class", weight);
    }
  }
  return weights;
}

/**
 * Refuses a weight for a class that a model cannot tell; one that merely has no examples is fine.
 *
 * @param units length of the model's output
 * @param binary whether a single unit tells class 0 from class 1
 * @throws {InvalidConfigError} there is no such class.
 */
export function checkWeighedClasses(weights: ClassWeightRecord, units: number, binary: boolean): void {
  // The only output of a regression is not a class: its labels may be any numbers.
  if (units === 1 && !binary) return;
  const classes = Math.max(units, 2);
  const wrong = Object.keys(weights).find((label) => Number(label) >= classes);
  if (wrong === undefined) return;
  throw new InvalidConfigError("Trainer", "classWeight", `for classes in [0, ${classes})`, Number(wrong));
}

/** Batches whose sample weights are multiplied by those of their classes. */
export function weighClasses(source: TrainingSource, weights: ClassWeightRecord): TrainingSource {
  return {
    get size() {
      return source.size;
    },
    get batchCount() {
      return source.batchCount;
    },
    order: source.order,
    get fingerprint() {
      return source.fingerprint;
    },
    async *batches(epoch, from) {
      for await (const batch of source.batches(epoch, from)) yield weighBatch(batch, weights);
    },
    close: async () => source.close?.(),
  };
}

/** @throws {InvalidConfigError} the model has several outputs. */
export function weighBatch(batch: TrainingBatch, weights: ClassWeightRecord): TrainingBatch {
  const [target, ...others] = batch.targets;
  if (target === undefined || others.length > 0) {
    throw new InvalidConfigError("Trainer", "classWeight", "for a model of one output", `${batch.targets.length}`);
  }
  const perExample = Float32Array.from(classesOf(target), (label) => weights[label] ?? 1);
  const [given] = batch.sampleWeights ?? [];
  if (given === undefined)
    return { ...batch, classWeight: weights, sampleWeights: [new HostArray(perExample, [batch.size])] };
  const each = given.size / batch.size;
  const product = Float32Array.from(
    given.data,
    (weight, index) => weight * (perExample[Math.floor(index / each)] ?? 1),
  );
  return { ...batch, classWeight: weights, sampleWeights: [new HostArray(product, given.shape)] };
}

/** The class of each example, as Keras finds it: an index, or the largest of a row. */
export function classesOf(target: HostArray): number[] {
  const [size = 0, ...rest] = target.shape;
  const length = sizeOf(rest);
  if (rest.length > 1) {
    throw new InvalidConfigError(
      "Trainer",
      "classWeight",
      "for labels [examples] or [examples, classes]",
      target.shape,
    );
  }
  return Array.from({ length: size }, (_, index) => {
    const row = target.data.subarray(index * length, (index + 1) * length);
    return length === 1 ? Math.trunc(row[0] ?? 0) : largestAt(row);
  });
}

/** Where the first of the largest numbers stands. A row may have more classes than a call can have arguments. */
function largestAt(row: TypedArray): number {
  let largest = 0;
  for (let index = 1; index < row.length; index++) if ((row[index] ?? 0) > (row[largest] ?? 0)) largest = index;
  return largest;
}
