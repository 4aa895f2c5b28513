import type { OutputMeaning } from "@featuremap/layers";

/** How a network's outputs are read. */
export interface OutputReading {
  readonly meaning: OutputMeaning;
  /** Numbers that it gives for a picture: one for each class, or a single one for the second of two. */
  readonly units: number;
  readonly classes: number;
  /** Whether a single number is that of the only class. */
  readonly isOwn: boolean;
}

/** Probabilities of the classes from what the network gives for one picture, written into `row`. */
export function readProbabilities(outputs: ArrayLike<number>, reading: OutputReading, row: Float64Array): void {
  const { meaning, units, classes, isOwn } = reading;
  if (units === 1) {
    const value = outputs[0] ?? Number.NaN;
    const second = read(value, meaning);
    // 1 - sigmoid(x) would be 0 where sigmoid(-x) is merely small.
    const first = meaning === "probabilities" ? 1 - second : sigmoid(-value);
    row[0] = isOwn ? second : first;
    if (classes > 1) row[1] = second;
    return;
  }
  if (meaning === "logits") softmax(outputs, row);
  else for (let index = 0; index < units; index++) row[index] = read(outputs[index] ?? Number.NaN, meaning);
}

function read(value: number, meaning: OutputMeaning): number {
  return meaning === "probabilities" ? value : sigmoid(value);
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

function softmax(logits: ArrayLike<number>, row: Float64Array): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < row.length; index++) largest = Math.max(largest, logits[index] ?? Number.NaN);
  let sum = 0;
  for (let index = 0; index < row.length; index++) {
    // Without the largest, exp would overflow.
    const power = Math.exp((logits[index] ?? Number.NaN) - largest);
    row[index] = power;
    sum += power;
  }
  for (let index = 0; index < row.length; index++) row[index] = (row[index] ?? Number.NaN) / sum;
}
