import { Trainer, findLearningRate } from "@featuremap/training";
import { RandomStream, UnavailableError } from "@featuremap/tensor";
import { trainingBatches } from "./batches.ts";
import { makeAccuracy, makeLoss } from "./loss.ts";
import { makeOptimizer } from "./optimizer.ts";
import type { LearningSettings } from "./settings.ts";
import type { Decided } from "./train-types.ts";

/**
 * The settings with the learning rate at which the loss of a few steps falls the steepest; the network that takes them is
 * another than the one that is trained.
 *
 * @throws {UnavailableError} the loss never falls.
 */
export async function withFoundRate(decided: Decided): Promise<LearningSettings> {
  const { network, learning, asked } = decided;
  const model = await network.build(new RandomStream(learning.seed).fork("weights").uint32());
  const constant: LearningSettings = { ...learning, schedule: "constant", warmup: 0, warmupEpochs: 0, ema: undefined };
  const optimizer = makeOptimizer(constant, 1);
  const trainer = new Trainer(model, {
    optimizer,
    loss: makeLoss(learning, network),
    metrics: [makeAccuracy(network)],
  });
  try {
    const { signal } = asked;
    const { suggestion } = await findLearningRate(
      trainer,
      trainingBatches(decided),
      signal === undefined ? {} : { signal },
    );
    if (suggestion !== undefined) return { ...learning, learningRate: Number(suggestion.toPrecision(3)) };
    throw new UnavailableError("No learning rate was found: the loss never fell", "Give one with --learning-rate.");
  } finally {
    trainer.dispose();
    model.dispose();
  }
}
