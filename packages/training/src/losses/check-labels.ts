import { type FixedShape, type HostArray, InvalidConfigError, ShapeError, formatShape } from "@featuremap/tensor";
import { placeOf } from "../config/place-of.ts";

/** How far a share may pass 0 or 1 by rounding: labels that were mixed are sums in single precision. */
const rounding = 1e-5;

/**
 * Refuses labels of which one has no meaning for a loss, which would give a number for it all the same.
 *
 * @param wrong where it stands among all numbers; none, if it is negative
 * @param expected what all labels are, in words
 * @throws {InvalidConfigError} there is one; the message tells its place and value.
 */
export function refuseLabel(owner: string, labels: HostArray, wrong: number, expected: string): void {
  if (wrong < 0) return;
  const place = `at ${placeOf(labels, wrong)} of the batch too`;
  throw new InvalidConfigError(owner, "labels", `${expected} (${place})`, labels.data[wrong]);
}

/** What to write for yes or no in place of a distribution over one class. */
export const yesOrNo = 'for yes or no, Dense({ units: 1, activation: "sigmoid" }) with the loss binaryCrossentropy';

/**
 * Refuses outputs of one class: a distribution over it is 1 whatever the model gives, and nothing is learned.
 *
 * Source: Keras 3 warns of it and trains.
 *
 * @throws {ShapeError} there is only one.
 */
export function requireClasses(owner: string, output: FixedShape, axis: number): void {
  if (output.at(axis) !== 1) return;
  throw new ShapeError(owner, "outputs", `of 2 classes or more (${yesOrNo})`, formatShape(output));
}

/** @throws {InvalidConfigError} a label is not a share in [0, 1]. */
export function checkShares(owner: string, labels: HostArray): void {
  refuseLabel(owner, labels, firstNoShare(labels.data), "in [0, 1]");
}

/** A loop, as there may be a label for every pixel: a function for each would cost many times as much. */
function firstNoShare(labels: HostArray["data"]): number {
  for (let index = 0; index < labels.length; index++) {
    const label = labels[index] ?? 0;
    if (!(label >= -rounding && label <= 1 + rounding)) return index;
  }
  return -1;
}
