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
import { measureBatch, weightedMeasure } from "../metrics/metric.ts";
import { inputTensor, labelTensor } from "../data/device-tensors.ts";
import { findLogits } from "./find-logits.ts";
import { type JudgedMetric, type Objective, ofOutput } from "./objective.ts";
import type { TrainingBatch } from "../data/training-batch.ts";

/** What a batch gives, still on the device. */
export interface Measurement {
  /** The loss; where there are several, that of each output that has one; then what each output's metrics measured. */
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
  batch: TrainingBatch,
  training: boolean,
  variables: readonly Tensor[],
): Measurement {
  objective.checkTargets(batch);
  const inputs = batch.inputs.map(inputTensor);
  const targets = batch.targets.map((target) => target && labelTensor(target));
  const sampleWeights = batch.sampleWeights?.map((each) => each && inputTensor(each)) ?? [];
  // tfjs records nothing without something to differentiate towards.
  const towards = variables.length > 0 ? [...variables] : [scalar(0)];
  const outputs: Tensor[] = [];
  const losses: Tensor[] = [];
  const logits = new Map<JudgedMetric, Tensor>();
  try {
    const { value, grads } = engine().gradients(
      () => {
        const evaluated = objective.evaluate(inputs, targets, sampleWeights, training);
        for (const [metric, found] of metricLogits(objective, evaluated.outputs))
          logits.set(metric, keep(clone(found)));
        outputs.push(...evaluated.outputs.map((output) => keep(clone(output))));
        if (evaluated.losses.length > 1) losses.push(...evaluated.losses.map((loss) => keep(clone(loss))));
        return evaluated.loss;
      },
      towards,
      undefined,
      true,
    );
    const sums = objective.outputs.flatMap(({ metrics }, index) =>
      metrics.map((judged) => {
        const { metric, weighted } = judged;
        const [target, output, known] = [targets[index] as Tensor, outputs[index] as Tensor, logits.get(judged)];
        const weights = weighted ? ofOutput(sampleWeights, index) : undefined;
        return weights
          ? weightedMeasure(metric, target, output, weights, known)
          : measureBatch(metric, target, output, undefined, known);
      }),
    );
    const numbers = concat1d([value, ...losses, ...sums].map((part) => reshape<Rank.R1>(part, [-1])));
    return { numbers, gradients: grads };
  } catch (error) {
    freeTape();
    throw error;
  } finally {
    for (const kept of [...outputs, ...losses, ...logits.values()]) kept.dispose();
  }
}

/**
 * Frees what operations kept for a gradient that will never be computed: tfjs does so after a backward pass alone, and
 * whoever runs out of memory would have less of it ever after.
 */
function freeTape(): void {
  const { state } = engine();
  if (state.gradientDepth > 0) return;
  for (const { saved = [] } of state.activeTape ?? []) for (const tensor of saved) tensor.dispose();
  state.activeTape = [];
}

/** The logits of the metrics that ask for them. To be called while a gradient is recorded: only then are they found. */
function metricLogits(objective: Objective, outputs: readonly Tensor[]): readonly (readonly [JudgedMetric, Tensor])[] {
  return objective.outputs.flatMap(({ metrics }, index) =>
    metrics.flatMap((judged) => {
      const { activation } = judged.metric;
      const found = activation && findLogits(outputs[index] as Tensor, activation);
      return found ? [[judged, found] as const] : [];
    }),
  );
}
