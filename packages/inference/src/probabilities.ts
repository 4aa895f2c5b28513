import type { OutputMeaning } from "@featuremap/layers";
import { InvalidConfigError } from "@featuremap/tensor";

/** Probabilities that a device rounded may pass 1 by so much. */
const rounding = 1e-3;

/**
 * Probabilities of the classes from a model's outputs for one picture.
 *
 * - `probabilities`: as they are
 * - `logits` `z`: softmax, `exp(z_i) / sum(exp(z_j))`
 * - `binaryLogits` `z`: sigmoid of each, `1 / (1 + exp(-z_i))`
 *
 * A single output `p`, or the sigmoid of a single logit, becomes `[1 - p, p]`: the second class is the one that was
 * trained as 1.
 *
 * @throws {InvalidConfigError} what should be probabilities lies outside [0, 1].
 */
export function toProbabilities(outputs: ArrayLike<number>, meaning: OutputMeaning): Float64Array {
  const values = Float64Array.from(outputs);
  if (meaning === "probabilities") requireProbabilities(values);
  else if (meaning === "logits" && values.length > 1) softmaxInPlace(values);
  else values.forEach((value, index) => (values[index] = 1 / (1 + Math.exp(-value))));
  const [second = Number.NaN] = values;
  return values.length === 1 ? Float64Array.of(1 - second, second) : values;
}

function requireProbabilities(values: Float64Array): void {
  const wrong = values.find((value) => value < -rounding || value > 1 + rounding);
  if (wrong === undefined) return;
  throw new InvalidConfigError("Classifier", "outputs", '"logits", for probabilities lie in [0, 1]', wrong);
}

function softmaxInPlace(values: Float64Array): void {
  // Without the largest, exp would overflow where logits are large.
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of values) largest = Math.max(largest, value);
  let sum = 0;
  for (let index = 0; index < values.length; index++) {
    const power = Math.exp((values[index] ?? 0) - largest);
    values[index] = power;
    sum += power;
  }
  for (let index = 0; index < values.length; index++) values[index] = (values[index] ?? 0) / sum;
}
