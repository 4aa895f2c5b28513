import type { Model } from "@featuremap/layers";
import { NotReadyError } from "@featuremap/tensor";
import type { Optimizer } from "../optimizers/optimizer.ts";

/** What training changes. */
export interface Trained {
  readonly model: Model;
  readonly optimizer: Optimizer;
}

/** Who trains each model and uses each optimizer at the moment. */
const trainers = new WeakMap<object, string>();
/** Steps that each model has taken. */
const steps = new WeakMap<Model, number>();

/**
 * Trains while nobody else does: the steps of two trainings would fall between each other, and both would be wrong.
 *
 * @throws {NotReadyError} another training of the model, or with the optimizer, is under way.
 */
export async function trainAlone<Result>(
  owner: string,
  { model, optimizer }: Trained,
  train: () => Promise<Result>,
): Promise<Result> {
  refuseTraining(owner, { model, optimizer });
  const parts = [model, optimizer];
  for (const part of parts) trainers.set(part, owner);
  try {
    return await train();
  } finally {
    for (const part of parts) trainers.delete(part);
  }
}

/** @throws {NotReadyError} a training of the model, or with the optimizer, is under way. */
export function refuseTraining(owner: string, { model, optimizer }: Trained): void {
  const [byModel, byOptimizer] = [trainers.get(model), trainers.get(optimizer)];
  const remedy = "Await that call first, or end it by its signal.";
  if (byModel) throw new NotReadyError(owner, `the model is being trained already, by ${byModel}`, remedy);
  if (byOptimizer) throw new NotReadyError(owner, `the optimizer is in use already, by ${byOptimizer}`, remedy);
}

/** The model's weights have moved. */
export function countStep(model: Model): void {
  steps.set(model, stepsOf(model) + 1);
}

/**
 * What to ask before each batch of an evaluation or prediction: whether the weights are those that it began with. They
 * are in a callback, for which training waits.
 *
 * @returns what throws a {@link NotReadyError} where the model has been trained meanwhile
 */
export function steadyWeights(owner: string, model: Model): () => void {
  const before = stepsOf(model);
  return () => {
    if (stepsOf(model) === before) return;
    const what = "the model was trained meanwhile, so that its batches met different weights";
    throw new NotReadyError(owner, what, "Await training first, or ask in a callback, for which training waits.");
  };
}

function stepsOf(model: Model): number {
  return steps.get(model) ?? 0;
}
