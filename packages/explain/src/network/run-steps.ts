import type { CallContext } from "@featuremap/layers";
import * as tf from "@tensorflow/tfjs-core";
import type { Step } from "./network.ts";

/** Every layer as at prediction time, also one whose use says that it trains: looking at a model does not change it. */
const prediction: CallContext = { training: false };

/** Values by number, as far as they are computed. */
export type Values = Map<number, tf.Tensor>;

/**
 * Runs steps in order, inside the caller's tidy.
 *
 * Where no gradient is recorded, which may need every value again, a value is freed after its last use.
 *
 * @param values those that are given; those of steps are added
 * @param wanted which are kept
 */
export function runSteps(steps: readonly Step[], values: Values, wanted: Iterable<number>): void {
  if (tf.engine().state.gradientDepth > 0) {
    for (const step of steps) callStep(step, values);
    return;
  }
  const spent = valuesSpent(steps, new Set([...values.keys(), ...wanted]));
  const made = new Set<tf.Tensor>();
  for (const [index, step] of steps.entries()) {
    const before = new Set(values.values());
    tf.tidy(() => callStep(step, values));
    for (const output of step.outputs) {
      const tensor = values.get(output);
      if (tensor !== undefined && !before.has(tensor) && isOurs(tensor)) made.add(tensor);
    }
    for (const value of spent[index] ?? []) release(value, values, made);
  }
}

function callStep({ layer, inputs, outputs }: Step, values: Values): tf.Tensor[] {
  const results = layer.callAll(
    inputs.map((value) => requireValue(values, value)),
    prediction,
  );
  outputs.forEach((value, index) => {
    const result = results[index];
    if (result !== undefined) values.set(value, result);
  });
  return [...results];
}

/** A value that steps before have computed. */
export function requireValue(values: Values, value: number): tf.Tensor {
  const tensor = values.get(value);
  // Steps come in the order of the graph, which was checked when the model was made.
  if (tensor === undefined) throw new Error(`Value ${value} was not computed.`);
  return tensor;
}

/** Not a weight, nor anything that a layer keeps. */
function isOurs(tensor: tf.Tensor): boolean {
  return !tensor.kept && tensor.scopeId === tf.engine().state.activeScope.id;
}

/** The values that nobody needs after each step. */
function valuesSpent(steps: readonly Step[], kept: ReadonlySet<number>): readonly (readonly number[])[] {
  const seen = new Set(kept);
  const spent = steps.toReversed().map(({ inputs, outputs }) =>
    [...new Set([...inputs, ...outputs])].filter((value) => {
      const isLast = !seen.has(value);
      seen.add(value);
      return isLast;
    }),
  );
  return spent.toReversed();
}

/** A layer may give out what it was given: a tensor is freed with the last of its places. */
function release(value: number, values: Values, made: Set<tf.Tensor>): void {
  const tensor = values.get(value);
  values.delete(value);
  if (tensor === undefined || !made.has(tensor) || [...values.values()].includes(tensor)) return;
  made.delete(tensor);
  tensor.dispose();
}
