import { InvalidConfigError } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type Network, type Step, stepsAfter, stepsBetween } from "./network.ts";
import { type Values, requireValue, runSteps } from "./run-steps.ts";
import { type ScoreOutput, classWeights, predictedClasses, scoresBehind } from "./scores.ts";

/** How the score of a class follows from one value inside a network. */
export interface ScorePath {
  /** The value with respect to which the gradient is taken. */
  readonly value: number;
  readonly output: ScoreOutput;
  /** From the inputs to all that {@link after} starts from. */
  readonly before: readonly Step[];
  /** From the value to the output. */
  readonly after: readonly Step[];
  /** What stays there for `after`: the value, and others that do not change with it. */
  readonly kept: ReadonlySet<number>;
}

/**
 * @param what the value is called, for the error
 * @throws {InvalidConfigError} the output does not depend on the value.
 */
export function findScorePath(
  owner: string,
  network: Network,
  value: number,
  what: string,
  output: ScoreOutput,
): ScorePath {
  const changed = stepsAfter(network.steps, value);
  const made = new Set([value, ...changed.flatMap((step) => step.outputs)]);
  const after = stepsBetween(changed, [value], [output.value]);
  if (after.length === 0) {
    throw new InvalidConfigError(owner, "layer", "one that the model's output depends on", what);
  }
  const others = after.flatMap((step) => step.inputs).filter((input) => !made.has(input));
  const kept = new Set([value, ...others]);
  return { value, output, kept, after, before: stepsBetween(network.steps, network.inputs, kept) };
}

/** A value, and how much a class's score grows with each of its elements. */
export interface ScoreGradient {
  readonly value: tf.Tensor;
  readonly gradient: tf.Tensor;
  /** int32, `[images]`. */
  readonly classes: tf.Tensor1D;
  /** `[images]`. */
  readonly scores: tf.Tensor1D;
}

/**
 * The gradient of one class's score for each image, inside the caller's tidy.
 *
 * @param values the network's inputs
 * @param indices the classes; undefined for those that are predicted
 */
export function scoreGradient(path: ScorePath, values: Values, indices: Int32Array | undefined): ScoreGradient {
  const { output, after, kept } = path;
  runSteps(path.before, values, kept);
  const classes = indices === undefined ? predict(path, values) : tf.tensor1d(indices, "int32");
  const weights = classWeights(classes, output);
  // A layer that passes its input on gives the same tensor, which others may take too: only what follows from this value counts.
  const start = tf.clone(requireValue(values, path.value));
  const scoreOf = (value: tf.Tensor): tf.Tensor => {
    const inner: Values = new Map([...values, [path.value, value]]);
    runSteps(after, inner, [output.value]);
    return tf.sum(tf.mul(scoresBehind(requireValue(inner, output.value), output), weights), 1);
  };
  const { value: scores, grad: gradient } = tf.valueAndGrad(scoreOf)(start);
  return { value: start, gradient, classes, scores: scores as tf.Tensor1D };
}

/** By a pass that records nothing, on the device's own fused kernels. */
function predict({ after, output }: ScorePath, values: Values): tf.Tensor1D {
  const inner: Values = new Map(values);
  runSteps(after, inner, [output.value]);
  return predictedClasses(requireValue(inner, output.value), output);
}
