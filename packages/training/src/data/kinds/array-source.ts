import type { KnownPictures } from "@featuremap/formats";
import { InvalidConfigError, checkOptions } from "@featuremap/tensor";
import { isArrayData, isRecord } from "../array-data.ts";
import { examplesOf, orderExamples, orderInputs } from "../ordered-arrays.ts";
import type { TrainingBatch, TrainingSource } from "../training-batch.ts";
import { ArrayBatches, type ArrayOrder, type TrainingArrays, arrayOptions, ownOrderOf } from "./array-batches.ts";
import { DataSource } from "./data-source.ts";
import { type BatchUse, isTuple } from "./given-batch.ts";
import { picturesIn } from "./known-pictures.ts";

/** All examples in memory. */
export class ArraySource extends DataSource {
  override readonly ownOrder: ArrayOrder;
  override readonly repeats = false;
  readonly #examples: TrainingBatch;

  constructor(examples: TrainingBatch, ownOrder: ArrayOrder = {}) {
    super();
    this.#examples = examples;
    this.ownOrder = ownOrder;
  }

  override get pictures(): KnownPictures | undefined {
    return picturesIn(this.#examples);
  }

  override batches(order: ArrayOrder): TrainingSource {
    return new ArrayBatches(this.#examples, order);
  }

  override split(owner: string, share: number): readonly [ArraySource, ArraySource] {
    const { size } = this.#examples;
    const at = Math.floor(size * (1 - share));
    if (at === 0 || at === size) {
      throw new InvalidConfigError(owner, "validationSplit", `a share that leaves some of ${size} to each`, share);
    }
    return [this.#part(0, at), this.#part(at, size)];
  }

  override whole(): TrainingBatch | undefined {
    const order = { batchSize: Number.MAX_SAFE_INTEGER, shuffle: false };
    const [batch] = new ArrayBatches(this.#examples, order).batches(0);
    return batch;
  }

  #part(from: number, to: number): ArraySource {
    const { inputs, targets, sampleWeights } = this.#examples;
    const examples = {
      inputs: inputs.map((each) => each.slice(from, to)),
      targets: targets.map((each) => each?.slice(from, to)),
      sampleWeights: sampleWeights?.map((each) => each?.slice(from, to)),
      size: to - from,
    };
    return new ArraySource(examples, this.ownOrder);
  }
}

/**
 * Inputs and labels, as `{ x, y }` or `[x, y]`.
 *
 * @param given arrays in the host's memory
 * @param shapes what data may be, for the error where these are none
 */
export function labelledArrays(given: unknown, { owner, ends }: BatchUse, shapes: string): ArraySource {
  if (isTuple(given)) {
    const [x, y, sampleWeight] = given;
    return new ArraySource(orderExamples(owner, { x, y, sampleWeight }, ends));
  }
  if (isTrainingArrays(owner, given)) {
    return new ArraySource(orderExamples(owner, given, ends), ownOrderOf(owner, given));
  }
  if (isArrayData(given)) throw new InvalidConfigError(owner, "y", `given with x: ${shapes}`, undefined);
  throw new InvalidConfigError(owner, "data", shapes, given);
}

/** @throws {InvalidConfigError} arrays have no such name. */
function isTrainingArrays(owner: string, given: unknown): given is TrainingArrays {
  if (!isRecord(given)) return false;
  checkOptions(`${owner} data`, given, arrayOptions);
  return true;
}

/** Inputs alone; of `{ x, y }` the labels are not looked at, unless an input has the name x. */
export function inputArrays(given: unknown, { owner, ends }: BatchUse): ArraySource {
  const isWhole = isRecord(given) && "x" in given && !(ends.inputs ?? []).includes("x");
  if (isWhole) checkOptions(`${owner} data`, given, arrayOptions);
  const inputs = orderInputs(owner, "x", isWhole ? given["x"] : given, ends);
  const size = inputs[0]?.shape[0] ?? 0;
  return new ArraySource({ inputs, targets: [], size: size === 0 ? 0 : examplesOf(owner, inputs) });
}
