import { type FixedShape, InvalidConfigError } from "@featuremap/tensor";
import { type Tensor, type Tensor1D, tidy } from "@tensorflow/tfjs-core";
import type { GradientPair, Optimizer } from "../optimizers/optimizer.ts";
import { measure } from "./measure.ts";
import { countStep } from "./sole-training.ts";
import type { GradientExchange } from "./gradient-exchange.ts";
import { type JudgedOutput, type NamedWeight, type Objective, ofOutput } from "./objective.ts";
import type { TrainingBatch } from "../data/training-batch.ts";

/** What a batch has left on the device to be read later. */
export interface MeasuredBatch {
  /** As {@link measure} orders them. Owned by whoever reads it. */
  readonly numbers: Tensor1D;
  /** Number of examples. */
  readonly size: number;
  readonly outputs: readonly JudgedOutput[];
  /** Of each output, whether its weighted metrics had weights. */
  readonly weighted: readonly boolean[];
  /** Shape of each output. */
  readonly shapes: readonly FixedShape[];
}

/** Measures a batch and leaves the model as it is. */
export function evaluationStep(objective: Objective, batch: TrainingBatch): MeasuredBatch {
  return describe(
    objective,
    batch,
    tidy(() => measure(objective, batch, false, []).numbers),
  );
}

/**
 * Measures a batch and moves the weights against the gradient of its loss, then onto what their constraints allow.
 *
 * @throws {InvalidConfigError} the loss does not depend on one of the weights.
 */
export function trainingStep(
  objective: Objective,
  optimizer: Optimizer,
  batch: TrainingBatch,
  ranks: GradientExchange,
): MeasuredBatch {
  const named = objective.trainableWeights;
  const numbers = tidy(() => {
    const variables = named.map(({ weight }) => weight.variable);
    const measured = measure(objective, batch, true, variables);
    const gradients = ranks.exchange(pairsOf(objective, named, measured.gradients), batch.size);
    countStep(objective.model);
    optimizer.apply(gradients);
    for (const { weight } of named) {
      if (weight.constraint) weight.variable.assign(weight.constraint.apply(weight.variable));
    }
    return measured.numbers;
  });
  return describe(objective, batch, numbers);
}

/** Each weight with its gradient. @throws {InvalidConfigError} the loss does not depend on one of them. */
function pairsOf(
  objective: Objective,
  named: readonly NamedWeight[],
  gradients: readonly (Tensor | undefined)[],
): readonly GradientPair[] {
  const everyOutput = objective.outputs.every(({ loss }) => loss);
  const pairs = named.flatMap(({ name, weight: { variable } }, index) => {
    const gradient = gradients[index];
    if (gradient) return [{ variable, gradient, name }];
    // What leads to outputs without a loss alone stays as it is.
    if (!everyOutput) return [];
    throw new InvalidConfigError("Trainer.fit", "trainable weights", "such that the loss depends on each", name);
  });
  if (pairs.length > 0) return pairs;
  throw new InvalidConfigError("Trainer.fit", "trainable weights", "such that the loss depends on one", "none");
}

function describe(objective: Objective, batch: TrainingBatch, numbers: Tensor1D): MeasuredBatch {
  const shapes = objective.outputShapes(batch.inputs);
  const { sampleWeights = [] } = batch;
  const weighted = objective.outputs.map((_, index) => ofOutput(sampleWeights, index) !== undefined);
  return { numbers, size: batch.size, outputs: objective.outputs, weighted, shapes };
}
