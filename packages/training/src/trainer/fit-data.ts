import type { KnownPictures } from "@featuremap/formats";
import { InvalidConfigError } from "@featuremap/tensor";
import type { FitOptions } from "./trainer-options.ts";
import type { ArrayOrder } from "../data/kinds/array-batches.ts";
import { checkClassWeight, weighClasses } from "../data/class-weights.ts";
import { exhausted } from "../data/kinds/batch-iterable.ts";
import type { DataSource } from "../data/kinds/data-source.ts";
import { toSource } from "../data/to-source.ts";
import { StepEpochs, firstBatches } from "../data/limited-source.ts";
import type { ModelEnds } from "../data/ordered-arrays.ts";
import type { TrainingSource } from "../data/training-batch.ts";

/** What `fit` trains on and validates with. */
export interface FitData {
  readonly training: TrainingSource;
  readonly validation: TrainingSource | undefined;
  /** Whether validation follows an epoch, counted from 0. */
  readonly validates: (epoch: number) => boolean;
  /** What the training data say of their pictures. */
  readonly pictures: KnownPictures | undefined;
}

const owner = "Trainer.fit";

/**
 * Training and validation data as `fit`'s options ask for them.
 *
 * @param given training data as {@link toSource} takes them
 * @param seed what decides the order of arrays that come without a seed
 * @throws {InvalidConfigError} an option is invalid, or does not fit the data.
 * @throws {ShapeError} arrays hold different numbers of examples.
 */
export async function fitData(
  given: unknown,
  options: FitOptions,
  ends: ModelEnds,
  seed: number | undefined,
): Promise<FitData> {
  checkFitOptions(options);
  const { batchSize, shuffle, stepsPerEpoch, validationSplit, validationSteps, classWeight } = options;
  const { epochs = 1, initialEpoch = 0, validationFreq = 1 } = options;
  const data = await toSource(given, { owner, ends });
  data.refuse(owner, { batchSize, shuffle });
  const parts = validationSplit === undefined ? undefined : data.split(owner, validationSplit);
  if (data.once && stepsPerEpoch === undefined && epochs - initialEpoch > 1) throw exhausted(owner);
  const order = { seed, ...data.ownOrder, ...defined({ batchSize, shuffle }) };
  let training = (parts?.[0] ?? data).batches(order);
  if (stepsPerEpoch !== undefined) {
    training = new StepEpochs(training, { steps: stepsPerEpoch, initialEpoch, endless: data.repeats });
  }
  if (classWeight !== undefined) training = weighClasses(training, checkClassWeight(owner, classWeight));
  const { validationBatchSize = order.batchSize } = options;
  const whole = parts
    ? parts[1].batches({ batchSize: validationBatchSize, shuffle: false })
    : await validationSource(options, ends);
  const validation = whole && validationSteps !== undefined ? firstBatches(whole, validationSteps) : whole;
  return {
    training,
    validation,
    validates: (epoch) =>
      validation !== undefined &&
      (typeof validationFreq === "number" ? (epoch + 1) % validationFreq === 0 : validationFreq.includes(epoch + 1)),
    pictures: data.pictures,
  };
}

async function validationSource(options: FitOptions, ends: ModelEnds): Promise<TrainingSource | undefined> {
  const given = options.validation ?? options.validationData;
  if (given === undefined) return undefined;
  const { batchSize, validationBatchSize, epochs = 1, initialEpoch = 0 } = options;
  const data = await toSource(given, { owner, ends });
  data.refuse(owner, { validationBatchSize });
  if (data.once && epochs - initialEpoch > 1) throw exhausted(`${owner} validation`);
  return data.batches({ batchSize: validationBatchSize ?? data.ownOrder.batchSize ?? batchSize, shuffle: false });
}

/** Batches in the order given, which is how data are evaluated. @throws {InvalidConfigError} they have their own size. */
export function inOrder(place: string, data: DataSource, batchSize: number | undefined): TrainingSource {
  data.refuse(place, { batchSize });
  return data.batches({ batchSize: batchSize ?? data.ownOrder.batchSize, shuffle: false });
}

/** @throws {InvalidConfigError} the value is not an integer of at least 1. */
export function checkSteps(place: string, option: string, value: number | undefined): void {
  if (value === undefined || (Number.isInteger(value) && value >= 1)) return;
  throw new InvalidConfigError(place, option, "an integer of at least 1", value);
}

function checkFitOptions(options: FitOptions): void {
  const { epochs = 1, initialEpoch = 0, validationSplit, validationFreq = 1 } = options;
  const { validation = options.validationData } = options;
  checkSteps(owner, "epochs", epochs);
  if (options.validation !== undefined && options.validationData !== undefined) {
    throw new InvalidConfigError(owner, "validationData", "left out where validation is given", "both");
  }
  if (!Number.isInteger(initialEpoch) || initialEpoch < 0 || initialEpoch >= epochs) {
    throw new InvalidConfigError(owner, "initialEpoch", `an integer in [0, ${epochs})`, initialEpoch);
  }
  checkSteps(owner, "stepsPerEpoch", options.stepsPerEpoch);
  checkSteps(owner, "validationSteps", options.validationSteps);
  for (const freq of Array.isArray(validationFreq) ? validationFreq : [validationFreq]) {
    checkSteps(owner, "validationFreq", freq);
  }
  if (
    validationSplit !== undefined &&
    !(typeof validationSplit === "number" && validationSplit > 0 && validationSplit < 1)
  ) {
    throw new InvalidConfigError(owner, "validationSplit", "in (0, 1)", validationSplit);
  }
  if (validationSplit !== undefined && validation !== undefined) {
    throw new InvalidConfigError(owner, "validationSplit", "left out where validation is given", validationSplit);
  }
}

function defined(order: ArrayOrder = {}): ArrayOrder {
  return Object.fromEntries(Object.entries(order).filter(([, value]) => value !== undefined));
}
