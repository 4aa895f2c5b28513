import { HostArray, InvalidConfigError } from "@featuremap/tensor";
import type { FitOptions, LabelledData } from "../trainer-options.ts";
import { ArrayBatches, type ModelEnds, type TrainingArrays, checkArrays } from "./array-batches.ts";
import type { SomePerName } from "./by-name.ts";
import { checkClassWeight, weighClasses } from "./class-weights.ts";
import { StepEpochs, firstBatches } from "./limited-source.ts";
import { type TrainingSource, singleSource } from "./training-batch.ts";

/** What `fit` trains on and validates with. */
export interface FitData {
  readonly training: TrainingSource;
  readonly validation: TrainingSource | undefined;
  /** Whether validation follows an epoch, counted from 0. */
  readonly validates: (epoch: number) => boolean;
}

/**
 * Training and validation data as `fit`'s options ask for them.
 *
 * @param seed what decides the order of arrays that come without a seed
 * @throws {InvalidConfigError} an option is invalid, or does not fit the data.
 * @throws {ShapeError} arrays hold different numbers of examples.
 */
export function fitData(data: LabelledData, options: FitOptions, ends: ModelEnds, seed?: number): FitData {
  checkFitOptions(options);
  const { batchSize, shuffle, stepsPerEpoch, validationSplit, validationSteps, classWeight } = options;
  const changed = shuffled(withOptions("Trainer.fit", data, { batchSize, shuffle }), seed);
  const [trained, held] = validationSplit === undefined ? [changed, undefined] : split(changed, validationSplit);
  let training = sourceOf(trained, ends);
  if (stepsPerEpoch !== undefined) {
    const endless = "batches" in trained;
    training = new StepEpochs(training, { steps: stepsPerEpoch, initialEpoch: options.initialEpoch ?? 0, endless });
  }
  if (classWeight !== undefined) training = weighClasses(training, checkClassWeight("Trainer.fit", classWeight));
  const validated = held ?? options.validation ?? options.validationData;
  const whole = validated && sourceOf(withValidationSize(inOrder(validated), options), ends);
  const validation = whole && validationSteps !== undefined ? firstBatches(whole, validationSteps) : whole;
  const { validationFreq = 1 } = options;
  return {
    training,
    validation,
    validates: (epoch) =>
      validation !== undefined &&
      (typeof validationFreq === "number" ? (epoch + 1) % validationFreq === 0 : validationFreq.includes(epoch + 1)),
  };
}

/** Arrays that are shuffled, unless they say otherwise, by this seed if they have none. */
function shuffled(data: LabelledData, seed: number | undefined): LabelledData {
  if ("batches" in data) return data;
  return { shuffle: true, ...(seed === undefined ? {} : { seed }), ...data };
}

/** The same data; arrays in the order given, which is how they are evaluated. */
export function inOrder(data: LabelledData): LabelledData {
  return "batches" in data ? data : { ...data, shuffle: false };
}

/** @throws {InvalidConfigError} a size is given for batches, which have their own. */
function withValidationSize(data: LabelledData, { batchSize, validationBatchSize }: FitOptions): LabelledData {
  if (validationBatchSize !== undefined) return withOptions("Trainer.fit", data, { validationBatchSize });
  return "batches" in data || batchSize === undefined ? data : { batchSize, ...data };
}

/** Batches of data. @throws {InvalidConfigError} there is none. */
export function sourceOf(data: LabelledData, ends: ModelEnds): TrainingSource {
  const source = "batches" in data ? singleSource(data) : new ArrayBatches(data, ends);
  if (source.batchCount < 1) throw new InvalidConfigError("Trainer", "data", "one batch or more", "none");
  return source;
}

/** Arrays with options that were given apart from them. @throws {InvalidConfigError} the data are batches already. */
export function withOptions(
  owner: string,
  data: LabelledData,
  options: {
    readonly batchSize?: number | undefined;
    readonly validationBatchSize?: number | undefined;
    readonly shuffle?: boolean | undefined;
  },
): LabelledData {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  if (given.length === 0) return data;
  const [name = ""] = given[0] ?? [];
  if ("batches" in data) throw new InvalidConfigError(owner, name, "left to the batches that are given", "both");
  const { shuffle, validationBatchSize, batchSize = validationBatchSize } = options;
  return { ...data, ...(batchSize === undefined ? {} : { batchSize }), ...(shuffle === undefined ? {} : { shuffle }) };
}

/** @throws {InvalidConfigError} the value is no integer of at least 1. */
export function checkSteps(owner: string, option: string, value: number | undefined): void {
  if (value === undefined || (Number.isInteger(value) && value >= 1)) return;
  throw new InvalidConfigError(owner, option, "an integer of at least 1", value);
}

function checkFitOptions(options: FitOptions): void {
  const { epochs = 1, initialEpoch = 0, validationSplit, validationFreq = 1 } = options;
  const { validation = options.validationData } = options;
  const owner = "Trainer.fit";
  checkSteps(owner, "epochs", epochs);
  if (options.validation !== undefined && options.validationData !== undefined) {
    throw new InvalidConfigError(owner, "validationData", "left out where validation is given", "both");
  }
  if (!Number.isInteger(initialEpoch) || initialEpoch < 0 || initialEpoch >= epochs) {
    throw new InvalidConfigError(owner, "initialEpoch", `an integer in [0, ${epochs})`, initialEpoch);
  }
  checkSteps(owner, "stepsPerEpoch", options.stepsPerEpoch);
  checkSteps(owner, "validationSteps", options.validationSteps);
  for (const freq of typeof validationFreq === "number" ? [validationFreq] : validationFreq) {
    checkSteps(owner, "validationFreq", freq);
  }
  if (validationSplit !== undefined && !(validationSplit > 0 && validationSplit < 1)) {
    throw new InvalidConfigError(owner, "validationSplit", "in (0, 1)", validationSplit);
  }
  if (validationSplit !== undefined && validation !== undefined) {
    throw new InvalidConfigError(owner, "validationSplit", "left out where validation is given", validationSplit);
  }
}

/** The first and the last examples. */
function split(data: LabelledData, share: number): [TrainingArrays, TrainingArrays] {
  if ("batches" in data) {
    throw new InvalidConfigError("Trainer.fit", "validationSplit", "for arrays; batches have none to give", share);
  }
  checkArrays("x", data.x);
  const [first] = data.x instanceof HostArray ? [data.x] : Object.values(data.x);
  const size = first?.shape[0] ?? 0;
  const at = Math.floor(size * (1 - share));
  if (at === 0 || at === size) {
    throw new InvalidConfigError(
      "Trainer.fit",
      "validationSplit",
      `a share that leaves some of ${size} to each`,
      share,
    );
  }
  const cut = (from: number, to: number): TrainingArrays => ({
    ...data,
    x: cutEach(data.x, from, to),
    y: cutEach(data.y, from, to),
    ...(data.sampleWeight ? { sampleWeight: cutEach(data.sampleWeight, from, to) } : {}),
  });
  const { seed: _seed, shuffle: _shuffle, ...held } = cut(at, size);
  return [cut(0, at), held];
}

function cutEach<Given extends SomePerName<HostArray>>(arrays: Given, from: number, to: number): Given;
function cutEach(arrays: SomePerName<HostArray>, from: number, to: number): SomePerName<HostArray> {
  const cut = (each: HostArray | null): HostArray | null => each && each.slice(from, to);
  if (arrays instanceof HostArray) return arrays.slice(from, to);
  if (Array.isArray(arrays)) return (arrays as readonly (HostArray | null)[]).map(cut);
  return Object.fromEntries(Object.entries(arrays).map(([name, each]) => [name, cut(each)]));
}
