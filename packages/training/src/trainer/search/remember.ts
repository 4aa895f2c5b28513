import type { TrainingBatch } from "../../data/training-batch.ts";
import type { Trainer } from "../trainer.ts";

/**
 * Puts weights, optimizer and random streams back to what they are now.
 *
 * @param batch tells a model that waits for the shape of its input
 */
export async function remember(
  { model, optimizer }: Trainer,
  { inputs }: Pick<TrainingBatch, "inputs">,
): Promise<() => void> {
  if (!model.built) model.buildAll(inputs.map((x) => [null, ...x.shape.slice(1)]));
  const variables = new Map([...model.namedWeights()].map(([path, weight]) => [path, weight.variable]));
  const [weights, state] = [await model.getWeights(), await optimizer.readState(variables)];
  const streams = model.randomStates();
  return () => {
    model.setWeights(weights);
    optimizer.restoreState(variables, state);
    model.restoreRandomStates(streams);
  };
}
