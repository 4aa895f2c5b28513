import { RandomStream, UnavailableError } from "@featuremap/tensor";
import { Trainer, findBatchSize, findLearningRate } from "@featuremap/training";
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
  const { network, asked } = decided;
  let { learning } = decided;
  const [seeksBatch, seeksRate] = [asked.batchSize === "auto", asked.learningRate === "auto"];
  if (!seeksBatch && !seeksRate) return learning;
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
    if (seeksBatch) learning = { ...learning, batchSize: await seekBatch(trainer, { ...decided, learning }) };
    if (seeksRate) learning = { ...learning, learningRate: await seekRate(trainer, { ...decided, learning }) };
    return learning;
  } finally {
    trainer.dispose();
    model.dispose();
  }
}

async function seekBatch(trainer: Trainer, decided: Decided): Promise<number> {
  const { data, learning, asked } = decided;
  const most = Math.min(largestBatch, Math.max(1, Math.floor(data.train.size / fewestSteps)));
  const size = await findBatchSize(
    trainer,
    (batchSize) => trainingBatches({ ...decided, learning: { ...learning, batchSize } }),
    {
      largest: 2 ** Math.floor(Math.log2(most)),
      onTooLarge: (tried) => asked.onNote?.(`Batches of ${tried} images do not fit in memory: half as many are tried`),
    },
  );
  asked.onNote?.(`Batch size: ${formatCount(size)} images`);
  return size;
}

async function seekRate(trainer: Trainer, decided: Decided): Promise<number> {
  const { signal, onNote } = decided.asked;
  const { suggestion } = await findLearningRate(
    trainer,
    trainingBatches(decided),
    signal === undefined ? {} : { signal },
  );
  if (suggestion === undefined) {
    throw new UnavailableError("No learning rate was found: the loss never fell", "Give one with --learning-rate.");
  }
  const rate = Number(suggestion.toPrecision(3));
  onNote?.(`Learning rate: ${rate}, where the loss of a few steps fell the steepest`);
  return rate;
}
