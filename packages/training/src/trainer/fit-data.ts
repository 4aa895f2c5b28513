import type { KnownPictures } from "@featuremap/formats";
import { InvalidConfigError, type Settled } from "@featuremap/tensor";
import type { fitOptions } from "./trainer-options.ts";
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

type SettledFitOptions = Settled<typeof fitOptions>;

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
  options: SettledFitOptions,
  ends: ModelEnds,
  seed: number | undefined,
): Promise<FitData> {
  checkFitOptions(options);
  const { batchSize, shuffle, stepsPerEpoch, validationSplit, validationSteps, classWeight } = options;
  const { epochs, initialEpoch, validationFreq } = options;
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

async function validationSource(options: SettledFitOptions, ends: ModelEnds): Promise<TrainingSource | undefined> {
  const given = options.validation ?? options.validationData;
  if (given === undefined) return undefined;
  const { batchSize, validationBatchSize, epochs, initialEpoch } = options;
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

/** Options that do not go together. */
function checkFitOptions({
  epochs,
  initialEpoch,
  validation,
  validationData,
  validationSplit,
}: SettledFitOptions): void {
  if (validation !== undefined && validationData !== undefined) {
    throw new InvalidConfigError(owner, "validationData", "left out where validation is given", "both");
  }
  if (initialEpoch >= epochs) {
    throw new InvalidConfigError(owner, "initialEpoch", `an integer in [0, ${epochs})`, initialEpoch);
  }
  if (validationSplit !== undefined && (validation ?? validationData) !== undefined) {
    throw new InvalidConfigError(owner, "validationSplit", "left out where validation is given", validationSplit);
  }
}

function defined(order: ArrayOrder = {}): ArrayOrder {
  return Object.fromEntries(Object.entries(order).filter(([, value]) => value !== undefined));
}
