import type { KnownPictures } from "@featuremap/formats";
import { InvalidConfigError } from "@featuremap/tensor";
import type { FitOptions } from "./trainer-options.ts";
import { ArrayBatches, type ArrayOrder } from "../data/kinds/array-batches.ts";
import { checkClassWeight, weighClasses } from "../data/class-weights.ts";
import { exhausted } from "../data/kinds/given-batch.ts";
import { type GivenData, readLabelledData } from "../data/to-source.ts";
import { picturesIn, picturesOf } from "../data/kinds/known-pictures.ts";
import { StepEpochs, firstBatches } from "../data/limited-source.ts";
import type { ModelEnds } from "../data/ordered-arrays.ts";
import type { TrainingBatch, TrainingSource } from "../data/training-batch.ts";

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
 * @param given training data as {@link readLabelledData} reads them
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
  const data = await readLabelledData(owner, given, ends);
  refuseForBatches(owner, data, { batchSize, shuffle, validationSplit });
  if (data.once && stepsPerEpoch === undefined && epochs - initialEpoch > 1) throw exhausted(owner);
  const order = { seed, ...defined(data.arrayOrder), ...defined({ batchSize, shuffle }) };
  const parts = validationSplit === undefined ? undefined : split(data, validationSplit);
  let training = parts ? new ArrayBatches(owner, parts[0], order) : data.source(order);
  if (stepsPerEpoch !== undefined) {
    const endless = data.arrays === undefined;
    training = new StepEpochs(training, { steps: stepsPerEpoch, initialEpoch, endless });
  }
  if (classWeight !== undefined) training = weighClasses(training, checkClassWeight(owner, classWeight));
  const whole = parts
    ? new ArrayBatches(owner, parts[1], { batchSize: options.validationBatchSize ?? order.batchSize, shuffle: false })
    : await validationSource(options, ends);
  const validation = whole && validationSteps !== undefined ? firstBatches(whole, validationSteps) : whole;
  return {
    training,
    validation,
    validates: (epoch) =>
      validation !== undefined &&
      (typeof validationFreq === "number" ? (epoch + 1) % validationFreq === 0 : validationFreq.includes(epoch + 1)),
    pictures: picturesOf(await given) ?? (data.arrays && picturesIn(data.arrays)),
  };
}

async function validationSource(options: FitOptions, ends: ModelEnds): Promise<TrainingSource | undefined> {
  const given = options.validation ?? options.validationData;
  if (given === undefined) return undefined;
  const { batchSize, validationBatchSize, epochs = 1, initialEpoch = 0 } = options;
  const data = await readLabelledData(owner, given, ends);
  refuseForBatches(owner, data, { validationBatchSize });
  if (data.once && epochs - initialEpoch > 1) throw exhausted(`${owner} validation`);
  const own = validationBatchSize ?? data.arrayOrder?.batchSize ?? batchSize;
  return data.source({ batchSize: own, shuffle: false });
}

/** Batches in the order given, which is how data are evaluated. @throws {InvalidConfigError} they have their own size. */
export function inOrder(place: string, data: GivenData, batchSize: number | undefined): TrainingSource {
  refuseForBatches(place, data, { batchSize });
  return data.source({ batchSize: batchSize ?? data.arrayOrder?.batchSize, shuffle: false });
}

/** @throws {InvalidConfigError} an option is given that batches have decided themselves. */
function refuseForBatches(
  place: string,
  { inBatches, arrays }: GivenData,
  options: Readonly<Record<string, unknown>>,
): void {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const wrong = given.find(([name]) => (name === "validationSplit" ? arrays === undefined : inBatches));
  if (wrong === undefined) return;
  const [name, value] = wrong;
  const expected =
    name === "validationSplit"
      ? "for arrays (of a data set, give dataset.split(0.9), one part to learn from and one as validationData)"
      : "left to the batches that are given";
  throw new InvalidConfigError(place, name, expected, value);
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

/** The first and the last examples. */
function split({ arrays }: GivenData, share: number): [TrainingBatch, TrainingBatch] {
  const { inputs, targets, sampleWeights, size } = arrays as TrainingBatch;
  const at = Math.floor(size * (1 - share));
  if (at === 0 || at === size) {
    throw new InvalidConfigError(owner, "validationSplit", `a share that leaves some of ${size} to each`, share);
  }
  const cut = (from: number, to: number): TrainingBatch => ({
    inputs: inputs.map((each) => each.slice(from, to)),
    targets: targets.map((each) => each?.slice(from, to)),
    sampleWeights: sampleWeights?.map((each) => each?.slice(from, to)),
    size: to - from,
  });
  return [cut(0, at), cut(at, size)];
}

function defined(order: ArrayOrder = {}): ArrayOrder {
  return Object.fromEntries(Object.entries(order).filter(([, value]) => value !== undefined));
}
