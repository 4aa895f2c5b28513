import * as tf from "@tensorflow/tfjs-core";
import type { Graph } from "./graph.ts";
import type { CallContext, Layer, SymbolicTensor } from "./layer.ts";

interface Step {
  readonly layer: Layer;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** A graph as a list of calls over numbered values, worked out once, so that a pass does nothing but call. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

export function compilePlan(graph: Graph): Plan {
  const slots = new Map<SymbolicTensor, number>();
  const slotOf = (tensor: SymbolicTensor): number => {
    const known = slots.get(tensor);
    if (known !== undefined) return known;
    slots.set(tensor, slots.size);
    return slots.size - 1;
  };
  const inputs = graph.inputs.map(slotOf);
  const steps = graph.levels
    .flat()
    .filter((node) => node.inputs.length > 0)
    .map((node) => ({ layer: node.layer, inputs: node.inputs.map(slotOf), outputs: node.outputs.map(slotOf) }));
  return { steps, inputs, outputs: graph.outputs.map(slotOf) };
}

/** Runs a plan. Intermediate tensors are left to the caller's tidy. */
export function runPlan(plan: Plan, inputs: readonly tf.Tensor[], context: CallContext): tf.Tensor[] {
  const values: tf.Tensor[] = [];
  plan.inputs.forEach((slot, index) => (values[slot] = inputs[index] as tf.Tensor));
  for (const step of plan.steps) {
    const results = step.layer.callAll(
      step.inputs.map((slot) => values[slot] as tf.Tensor),
      context,
    );
    step.outputs.forEach((slot, index) => (values[slot] = results[index] as tf.Tensor));
    if (context.losses !== undefined) collectActivityLosses(step.layer, results, context.losses);
  }
  return plan.outputs.map((slot) => values[slot] as tf.Tensor);
}

function collectActivityLosses(layer: Layer, outputs: readonly tf.Tensor[], losses: tf.Tensor[]): void {
  const { activityRegularizer } = layer;
  if (activityRegularizer === null) return;
  for (const output of outputs) losses.push(tf.div(activityRegularizer.loss(output), output.shape[0] ?? 1));
}
