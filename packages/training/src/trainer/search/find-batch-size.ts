import {
  InvalidConfigError,
  Option,
  type Options,
  OutOfMemoryError,
  checkOptions,
  settleOptions,
} from "@featuremap/tensor";
import { callOption, functionCheck } from "../../config/call-option.ts";
import { type LabelledData, toSource } from "../../data/to-source.ts";
import { arraysOf } from "../../data/arrays-of-batch.ts";
import { inputNames, outputNames } from "../../step/output-plan.ts";
import { prepare } from "../prepare.ts";
import { remember } from "./remember.ts";
import { Trainer } from "../trainer.ts";

export interface FindBatchSizeOptions {
  /** The first size to try. Default: 256. */
  readonly largest?: number;
  /** Below it nothing is tried. Default: 1. */
  readonly smallest?: number;
  /** Hears of a size that does not fit. */
  readonly onTooLarge?: (batchSize: number, error: OutOfMemoryError) => void;
}

const declared = {
  largest: Option.integer().default(256),
  smallest: Option.integer().default(1),
  onTooLarge: callOption(functionCheck<(batchSize: number, error: OutOfMemoryError) => void>(), undefined),
} satisfies Options<FindBatchSizeOptions>;

/** Steps that a size is tried with: the optimizer's memory is there from the first one on. */
const trialSteps = 2;

/**
 * Finds a batch size that fits in the device's memory: takes two steps with `largest`, with half of it, and so on, until
 * none fails. Weights, optimizer and random streams are then what they were.
 *
 * Evaluation takes less memory than training. What else the device holds may come to take more later.
 *
 * @param dataOf the data in batches of a size, of which the first is read: `(size) => dataset.batch(size)`
 * @throws {OutOfMemoryError} not even `smallest` fits.
 * @throws {InvalidConfigError} an option is invalid, or the trainer cannot train.
 */
export async function findBatchSize(
  trainer: Trainer,
  dataOf: (batchSize: number) => LabelledData,
  options: FindBatchSizeOptions = {},
): Promise<number> {
  const owner = "findBatchSize";
  checkOptions(owner, options, declared);
  const { largest, smallest, onTooLarge } = settleOptions(owner, options, declared);
  if (smallest > largest) throw new InvalidConfigError(owner, "smallest", `at most ${largest}, the largest`, smallest);
  if (!(trainer instanceof Trainer)) throw new InvalidConfigError(owner, "trainer", "a Trainer", trainer);
  if (typeof dataOf !== "function")
    throw new InvalidConfigError(owner, "dataOf", "a function of the batch size", dataOf);
  await prepare(owner);
  for (let size = largest; ; size = Math.max(Math.floor(size / 2), smallest)) {
    try {
      await tryBatch(owner, trainer, dataOf(size), size);
      return size;
    } catch (error) {
      if (!(error instanceof OutOfMemoryError)) throw error;
      if (size === smallest) throw error;
      onTooLarge?.(size, error);
    }
  }
}

async function tryBatch(owner: string, trainer: Trainer, data: LabelledData, size: number): Promise<void> {
  const { model } = trainer;
  const ends = { inputs: inputNames(model), outputs: outputNames(model) };
  const source = (await toSource(data, { owner, ends })).batches({ batchSize: size, shuffle: false });
  let restore: (() => void) | undefined;
  try {
    for await (const batch of source.batches(0)) {
      restore = await remember(trainer, batch);
      for (let step = 0; step < trialSteps; step++) await trainer.trainOnBatch(arraysOf(batch));
      return;
    }
  } finally {
    restore?.();
    await source.close?.();
  }
}
