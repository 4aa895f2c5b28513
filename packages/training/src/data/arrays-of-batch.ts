import type { TrainingArrays } from "./kinds/array-batches.ts";
import type { TrainingBatch } from "./training-batch.ts";

/** A batch as users give them. */
export function arraysOf({ inputs, targets, sampleWeights = [] }: TrainingBatch): TrainingArrays {
  const [weights = null, ...others] = sampleWeights.map((each) => each ?? null);
  return {
    x: inputs,
    y: targets.map((each) => each ?? null),
    sampleWeight: others.length > 0 ? [weights, ...others] : weights,
  };
}
