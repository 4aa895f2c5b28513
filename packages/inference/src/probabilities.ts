/** One class and how probable it is. */
export interface Prediction {
  readonly label: string;
  /** Place of the class among the labels. */
  readonly index: number;
  /** In [0, 1]. */
  readonly probability: number;
}

/**
 * Probabilities of the classes from a model's outputs for one picture.
 *
 * - several outputs of a softmax or sigmoid: as they are
 * - several others, logits `z`: softmax, `exp(z_i) / sum(exp(z_j))`
 * - one output of a sigmoid, `p`: `[1 - p, p]`, the second class being the one that was trained as 1
 * - one other, a logit `z`: the same with `p = 1 / (1 + exp(-z))`
 *
 * @param activation name of the function that made the outputs
 */
export function toProbabilities(outputs: ArrayLike<number>, activation: string): number[] {
  const values = Array.from(outputs);
  const areProbabilities = activation === "softmax" || activation === "sigmoid" || activation === "hard_sigmoid";
  const [first = Number.NaN] = values;
  if (values.length === 1) {
    const second = areProbabilities ? first : 1 / (1 + Math.exp(-first));
    return [1 - second, second];
  }
  if (areProbabilities) return values;
  // Without the largest, exp would overflow where logits are large.
  const largest = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** The `count` most probable classes, the best first; equal ones in the order of the labels. */
export function topPredictions(
  probabilities: readonly number[],
  labels: readonly string[],
  count: number,
): readonly Prediction[] {
  return probabilities
    .map((probability, index) => ({ label: labels[index] ?? `${index}`, index, probability }))
    .toSorted((a, b) => b.probability - a.probability)
    .slice(0, count);
}
