import type { OutputMeaning } from "@featuremap/layers";
import type { OutputReading } from "./probabilities.ts";

/**
 * `-ln` of the right class's probability, by what is a softmax's or a sigmoid's input: however small it is.
 *
 * @param logits one for each class, or a single one for the second of two
 */
export function crossentropyOfLogits(
  logits: ArrayLike<number>,
  label: number,
  meaning: Exclude<OutputMeaning, "probabilities">,
): number {
  const right = logits[logits.length === 1 ? 0 : label] ?? Number.NaN;
  if (logits.length === 1) return softplus(label === 1 ? -right : right);
  if (meaning === "binaryLogits") return softplus(-right);
  let largest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < logits.length; index++) largest = Math.max(largest, logits[index] ?? Number.NaN);
  let sum = 0;
  for (let index = 0; index < logits.length; index++) sum += Math.exp((logits[index] ?? Number.NaN) - largest);
  return largest - right + Math.log(sum);
}

/**
 * `-ln` of the right class's probability, which counts as {@link leastExact} where it is less.
 *
 * @param row probabilities that were read from outputs like `reading`
 */
export function crossentropyOfProbabilities(row: ArrayLike<number>, label: number, reading: OutputReading): number {
  return Math.max(-Math.log(Math.max(row[label] ?? 0, leastCounted(label, reading))), 0);
}

/** `-ln` of the mean of two probabilities, each given by its `-ln`. */
export function meanCrossentropy(one: number, other: number): number {
  return Math.min(one, other) + Math.LN2 - Math.log1p(Math.exp(-Math.abs(one - other)));
}

/** The right class's probability below which the loss is found by the logits behind it. */
export function leastExact(label: number, reading: OutputReading): number {
  // A float32 p leaves 1 - p an error of about 1e-7, in the loss less than a millionth from here on.
  return isComplement(label, reading) ? 0.05 : leastCounted(label, reading);
}

/** As what Keras counts lesser probabilities of which it does not know the logits: 1e-7, or 1 less than the float32 nearest to 1 - 1e-7. */
function leastCounted(label: number, reading: OutputReading): number {
  return isComplement(label, reading) ? 2 ** -23 : 1e-7;
}

/** Whether the class has what a single probability leaves of 1. */
function isComplement(label: number, { units, isOwn }: OutputReading): boolean {
  return units === 1 && label === 0 && !isOwn;
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
