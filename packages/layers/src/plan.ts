import * as tf from "@tensorflow/tfjs-core";
import type { Graph } from "./graph.ts";
import type { CallContext, FusedCall, Layer, SymbolicTensor } from "./layer.ts";

interface Step {
  readonly layer: Layer;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Whether the layer trains, whatever the pass does. */
  readonly training?: boolean | undefined;
  /** Computes the layer from what the one before it takes, which has no step of its own then. */
  readonly fused?: FusedCall;
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
    .map(({ layer, inputs: given, outputs: made, training }) => ({
      layer,
      inputs: given.map(slotOf),
      outputs: made.map(slotOf),
      training,
    }));
  const outputs = graph.outputs.map(slotOf);
  return { steps: fusePairs(steps, outputs), inputs, outputs };
}

/** Makes one step of two layers that offer it, where nothing else needs what is between them. */
function fusePairs(steps: readonly Step[], outputs: readonly number[]): readonly Step[] {
  const uses = new Map<number, number>();
  for (const slot of [...outputs, ...steps.flatMap((step) => step.inputs)]) uses.set(slot, (uses.get(slot) ?? 0) + 1);
  const makers = new Map(steps.flatMap((step) => step.outputs.map((slot) => [slot, step] as const)));
  const taken = new Set<Step>();
  const paired = steps.map((step) => {
    const [slot = -1, ...others] = step.inputs;
    const maker = makers.get(slot);
    if (maker === undefined || others.length > 0 || uses.get(slot) !== 1 || taken.has(maker)) return step;
    // The cost of an output counts too, for which it must be there.
    const isAlike = maker.training === step.training;
    const isOneToOne = isAlike && maker.inputs.length === 1 && maker.outputs.length === 1 && step.outputs.length === 1;
    const fused = isOneToOne && !maker.layer.activityRegularizer ? maker.layer.fuseWith(step.layer) : undefined;
    if (fused === undefined) return step;
    taken.add(maker).add(step);
    return { ...step, inputs: maker.inputs, fused };
  });
  return paired.filter((step) => !taken.has(step));
}

/** Runs a plan. Intermediate tensors are left to the caller's tidy. */
export function runPlan(plan: Plan, inputs: readonly tf.Tensor[], context: CallContext): tf.Tensor[] {
  const values: tf.Tensor[] = [];
  plan.inputs.forEach((slot, index) => (values[slot] = inputs[index] as tf.Tensor));
  for (const step of plan.steps) {
    const results = callStep(
      step,
      step.inputs.map((slot) => values[slot] as tf.Tensor),
      context,
    );
    step.outputs.forEach((slot, index) => (values[slot] = results[index] as tf.Tensor));
    if (context.losses !== undefined) collectActivityLosses(step.layer, results, context.losses);
  }
  return plan.outputs.map((slot) => values[slot] as tf.Tensor);
}

function callStep(step: Step, inputs: readonly tf.Tensor[], pass: CallContext): readonly tf.Tensor[] {
  const { layer, fused, training } = step;
  const context = training === undefined ? pass : { ...pass, training };
  const [input] = inputs;
  return fused === undefined || input === undefined ? layer.callAll(inputs, context) : [fused(input, context)];
}

function collectActivityLosses(layer: Layer, outputs: readonly tf.Tensor[], losses: tf.Tensor[]): void {
  const { activityRegularizer } = layer;
  if (activityRegularizer === null) return;
  for (const output of outputs) losses.push(tf.div(activityRegularizer.loss(output), output.shape[0] ?? 1));
}
