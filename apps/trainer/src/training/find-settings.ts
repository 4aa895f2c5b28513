import { AbortedError, RandomStream, UnavailableError } from "@featuremap/tensor";
import {
  type FindLearningRateOptions,
  type LearningRateCurve,
  Trainer,
  findBatchSize,
  findLearningRate,
} from "@featuremap/training";
import { formatCount } from "../terminal/format.ts";
import { trainingBatches } from "./batches.ts";
import { makeAccuracy, makeLoss } from "./loss.ts";
import { makeOptimizer } from "./optimizer.ts";
import type { LearningSettings } from "./settings.ts";
import type { Decided } from "./train-types.ts";

/** Images of a step at most, and steps of an epoch at least, where the batch size is looked for. */
const largestBatch = 256;
const fewestSteps = 8;

/**
 * The settings, with what is to be looked for found: the largest batch that fits in the device's memory, and the learning
 * rate at which the loss of a few steps falls the steepest. The network that takes them is another than that to be trained.
 *
 * @throws {UnavailableError} the loss never falls.
 * @throws {OutOfMemoryError} not even one image fits.
 */
export async function withFound(decided: Decided): Promise<LearningSettings> {
  const { asked } = decided;
  let { learning } = decided;
  if (asked.batchSize === "auto") learning = { ...learning, batchSize: await seekBatch({ ...decided, learning }) };
  if (asked.learningRate === "auto") learning = { ...learning, learningRate: await seekRate({ ...decided, learning }) };
  return learning;
}

/**
 * Trains a little with a rate that grows, and keeps nothing of it.
 *
 * @throws {AbortedError} the signal was aborted.
 */
export async function sweepLearningRate(
  decided: Decided,
  options: Omit<FindLearningRateOptions, "signal"> = {},
): Promise<LearningRateCurve> {
  const { signal } = decided.asked;
  const curve = await withPassingTrainer(decided, (trainer) =>
    findLearningRate(trainer, trainingBatches(decided), { ...options, ...(signal === undefined ? {} : { signal }) }),
  );
  if (signal?.aborted === true) throw new AbortedError("Stopped before a learning rate was found.");
  return curve;
}

/** Works with a network like that to be trained, whose rate stays, and which goes again. */
async function withPassingTrainer<Result>(
  { network, learning }: Decided,
  work: (trainer: Trainer) => Promise<Result>,
): Promise<Result> {
  const model = await network.build(new RandomStream(learning.seed).fork("weights").uint32());
  const constant: LearningSettings = {
    ...learning,
    schedule: "constant",
    warmup: 0,
    warmupEpochs: 0,
    ema: undefined,
    freezeEpochs: 0,
  };
  const trainer = new Trainer(model, {
    optimizer: makeOptimizer(constant, 1),
    loss: makeLoss(learning, network),
    metrics: [makeAccuracy(network)],
  });
  try {
    return await work(trainer);
  } finally {
    trainer.dispose();
    model.dispose();
  }
}

async function seekBatch(decided: Decided): Promise<number> {
  const { data, learning, asked } = decided;
  const most = Math.min(largestBatch, Math.max(1, Math.floor(data.train.size / fewestSteps)));
  const size = await withPassingTrainer(decided, (trainer) =>
    findBatchSize(trainer, (batchSize) => trainingBatches({ ...decided, learning: { ...learning, batchSize } }), {
      largest: 2 ** Math.floor(Math.log2(most)),
      onTooLarge: (tried) => asked.onNote?.(`Batches of ${tried} images do not fit in memory: trying half as many`),
    }),
  );
  asked.onNote?.(`Batch size: ${formatCount(size)} images`);
  return size;
}

async function seekRate(decided: Decided): Promise<number> {
  const { suggestion } = await sweepLearningRate(decided);
  if (suggestion === undefined) {
    throw new UnavailableError("No learning rate was found: the loss never fell", "Give one with --learning-rate.");
  }
  const rate = plainRate(suggestion);
  decided.asked.onNote?.(`Learning rate: ${rate}, where the loss over a few steps fell fastest`);
  return rate;
}

/** A rate with as many digits as say something. */
export function plainRate(rate: number): number {
  return Number(rate.toPrecision(3));
}
