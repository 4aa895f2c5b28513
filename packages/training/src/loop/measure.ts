import type { Batch } from "@featuremap/datasets";
import {
  type Rank,
  type Tensor,
  type Tensor1D,
  clone,
  concat1d,
  engine,
  keep,
  reshape,
  scalar,
} from "@tensorflow/tfjs-core";
import { inputTensor, labelTensor } from "./device-tensors.ts";
import type { Objective } from "./objective.ts";

/** What a batch gives, still on the device. */
export interface Measurement {
  /** The loss, then what each metric measured. */
  readonly numbers: Tensor1D;
  /** The loss's gradient towards each variable; undefined where it does not depend on it. */
  readonly gradients: readonly (Tensor | undefined)[];
}

/**
 * Runs a model forward and, towards `variables`, backward. To be called inside `tidy`.
 *
 * @throws {ShapeError} inputs or labels do not fit.
 * @throws {InvalidConfigError} a label has a value that the loss cannot take.
 */
export function measure(
  objective: Objective,
  batch: Batch,
  training: boolean,
  variables: readonly Tensor[],
): Measurement {
  objective.loss.checkTarget(batch.y, objective.outputShape(batch.x));
  const x = inputTensor(batch.x);
  const y = labelTensor(batch.y);
  // tfjs records nothing without something to differentiate towards.
  const towards = variables.length > 0 ? [...variables] : [scalar(0)];
  const outputs: Tensor[] = [];
  try {
    const { value, grads } = engine().gradients(
      () => {
        const { output, loss } = objective.evaluate(x, y, training);
        outputs.push(keep(clone(output)));
        return loss;
      },
      towards,
      undefined,
      true,
    );
    const sums = outputs.flatMap((output) => objective.metrics.map((metric) => metric.measure(y, output)));
    const numbers = concat1d([value, ...sums].map((part) => reshape<Rank.R1>(part, [-1])));
    return { numbers, gradients: grads };
  } finally {
    for (const output of outputs) output.dispose();
  }
}
