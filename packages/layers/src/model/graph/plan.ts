import * as tf from "@tensorflow/tfjs-core";
import type { Graph } from "./graph.ts";
import type { CallContext, Layer, SymbolicTensor } from "../../layer/layer.ts";
import { collectActivityLosses } from "../../layer/activity-losses.ts";
import type { FusedCall } from "../fusion/fusion-rule.ts";
import { fuse } from "../fusion/fusion-rules.ts";
import { spentValues } from "./spent-values.ts";

interface Call {
  readonly layer: Layer;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Whether the layer trains regardless of the pass. */
  readonly training?: boolean | undefined;
  /** Computes the layer from what the one before it takes, which then has no step of its own. */
  readonly fused?: FusedCall;
}

interface Step extends Call {
  /** Values that nobody looks at once the step is done: neither later steps, nor whoever runs the plan. */
  readonly spent: readonly number[];
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
  const calls = fusePairs(steps, outputs);
  const spent = spentValues(calls, [...inputs, ...outputs]);
  return { steps: calls.map((call, index) => ({ ...call, spent: spent[index] ?? [] })), inputs, outputs };
}

/** Makes one step of two layers that a rule fuses, where nothing else needs what is between them. */
function fusePairs(steps: readonly Call[], outputs: readonly number[]): readonly Call[] {
  const uses = new Map<number, number>();
  for (const slot of [...outputs, ...steps.flatMap((step) => step.inputs)]) uses.set(slot, (uses.get(slot) ?? 0) + 1);
  const makers = new Map(steps.flatMap((step) => step.outputs.map((slot) => [slot, step] as const)));
  const taken = new Set<Call>();
  const paired = steps.map((step) => {
    const [slot = -1, ...others] = step.inputs;
    const maker = makers.get(slot);
    if (maker === undefined || others.length > 0 || uses.get(slot) !== 1 || taken.has(maker)) return step;
    // An activity regularizer reads the output, so it cannot be fused away.
    const isAlike = maker.training === step.training;
    const isOneToOne = isAlike && maker.inputs.length === 1 && maker.outputs.length === 1 && step.outputs.length === 1;
    const fused = isOneToOne && !maker.layer.activityRegularizer ? fuse(maker.layer, step.layer) : undefined;
    if (fused === undefined) return step;
    taken.add(maker).add(step);
    return { ...step, inputs: maker.inputs, fused };
  });
  return paired.filter((step) => !taken.has(step));
}

/**
 * Runs a plan.
 *
 * Where asked for, and where no gradient is recorded, which may need every value again, a value is freed after its last use, and what a layer needs
 * on the way as soon as it is done: a pass then holds what is in use, however many layers there are. The rest is left to the
 * caller's tidy.
 *
 * @param freesEarly whether that is worth it, and no code but this package's sees the values: a layer of the user's own may hold on
 * to one
 */
export function runPlan(
  plan: Plan,
  inputs: readonly tf.Tensor[],
  context: CallContext,
  freesEarly: boolean,
): tf.Tensor[] {
  const values: tf.Tensor[] = [];
  const valueOf = (slot: number): tf.Tensor => values[slot] as tf.Tensor;
  plan.inputs.forEach((slot, index) => (values[slot] = inputs[index] as tf.Tensor));
  const owned = freesEarly && tf.engine().state.gradientDepth === 0 ? new OwnedValues() : null;
  for (const step of plan.steps) {
    const call = (): readonly tf.Tensor[] => callStep(step, step.inputs.map(valueOf), context);
    const results = owned === null ? call() : owned.make(call, context.losses);
    step.outputs.forEach((slot, index) => (values[slot] = results[index] as tf.Tensor));
    if (context.losses !== undefined) collectActivityLosses(step.layer, results, context.losses);
    if (owned === null) continue;
    for (const slot of step.outputs) owned.hold(valueOf(slot));
    for (const slot of step.spent) owned.release(valueOf(slot));
  }
  return plan.outputs.map(valueOf);
}

/** The values that a pass has made itself, and how many of its places each of them has. */
class OwnedValues {
  readonly #places = new Map<tf.Tensor, number>();

  /**
   * Calls, and frees what that leaves behind.
   *
   * A tensor of another scope, one that is kept, or a weight's is somebody else's, though a layer may give it out.
   *
   * @param losses which the call may add to
   */
  make(call: () => readonly tf.Tensor[], losses: readonly tf.Tensor[] = []): readonly tf.Tensor[] {
    const before = losses.length;
    let results: readonly tf.Tensor[] = [];
    tf.tidy(() => {
      const { activeScope } = tf.engine().state;
      results = call();
      for (const result of results) {
        if (result.scopeId === activeScope.id && !result.kept) this.#places.set(result, 0);
      }
      return losses.length === before ? (results as tf.Tensor[]) : [...results, ...losses.slice(before)];
    });
    return results;
  }

  /** A layer may give out what it was given: one tensor has several places then. */
  hold(value: tf.Tensor): void {
    const places = this.#places.get(value);
    if (places !== undefined) this.#places.set(value, places + 1);
  }

  release(value: tf.Tensor): void {
    const places = this.#places.get(value);
    if (places === undefined) return;
    this.#places.set(value, places - 1);
    if (places > 1) return;
    this.#places.delete(value);
    // Somebody may keep one that was made before.
    if (!value.kept) value.dispose();
  }
}

function callStep(step: Call, inputs: readonly tf.Tensor[], pass: CallContext): readonly tf.Tensor[] {
  const { layer, fused, training } = step;
  const context = training === undefined ? pass : { ...pass, training };
  const [input] = inputs;
  return fused === undefined || input === undefined ? layer.callAll(inputs, context) : [fused(input, context)];
}
