import type { Batch } from "@featuremap/datasets";
import type { Weight } from "@featuremap/layers";
import { type FixedShape, InvalidConfigError } from "@featuremap/tensor";
import { type Tensor1D, tidy } from "@tensorflow/tfjs-core";
import type { Metric } from "../metrics/metric.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { measure } from "./measure.ts";
import type { Objective } from "./objective.ts";

/** What a batch has left on the device to be read later. */
export interface MeasuredBatch {
  /** The loss, then what each metric measured. Owned by whoever reads it. */
  readonly numbers: Tensor1D;
  /** Shape of the model's output. */
  readonly output: FixedShape;
  readonly metrics: readonly Metric[];
}

/** Measures a batch and leaves the model as it is. */
export function evaluationStep(objective: Objective, batch: Batch): MeasuredBatch {
  const numbers = tidy(() => measure(objective, batch, false, []).numbers);
  return { numbers, output: objective.outputShape(batch.x), metrics: objective.metrics };
}

/**
 * Measures a batch and moves the weights against the gradient of its loss, then onto what their constraints allow.
 *
 * @throws {InvalidConfigError} the loss does not depend on one of the weights.
 */
export function trainingStep(
  objective: Objective,
  optimizer: Optimizer,
  weights: readonly Weight[],
  batch: Batch,
): MeasuredBatch {
  const numbers = tidy(() => {
    const variables = weights.map((weight) => weight.variable);
    const measured = measure(objective, batch, true, variables);
    const pairs = variables.map((variable, index) => {
      const gradient = measured.gradients[index];
      if (gradient) return { variable, gradient };
      throw unconnected(objective, weights[index]);
    });
    optimizer.apply(pairs);
    for (const { variable, constraint } of weights) if (constraint) variable.assign(constraint.apply(variable));
    return measured.numbers;
  });
  return { numbers, output: objective.outputShape(batch.x), metrics: objective.metrics };
}

function unconnected({ model }: Objective, weight: Weight | undefined): InvalidConfigError {
  const path = [...model.namedWeights()].find(([, each]) => each === weight)?.[0];
  return new InvalidConfigError("Trainer.fit", "trainable weights", "such that the loss depends on each", path);
}
