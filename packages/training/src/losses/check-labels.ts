import { type FixedShape, type HostArray, InvalidConfigError, ShapeError, formatShape } from "@featuremap/tensor";
import { placeOf } from "../config/place-of.ts";

/** How far a share may pass 0 or 1 by rounding: labels that were mixed are sums in single precision. */
const rounding = 1e-5;

/**
 * Rejects labels that include one without a meaning for a loss, which would compute a number from it anyway.
 *
 * @param wrong its index among all numbers; negative if there is none
 * @param expected what all labels are, in words
 * @throws {InvalidConfigError} there is one; the message tells its place and value.
 */
export function refuseLabel(owner: string, labels: HostArray, wrong: number, expected: string): void {
  if (wrong < 0) return;
  const place = `at ${placeOf(labels, wrong)} of the batch too`;
  throw new InvalidConfigError(owner, "labels", `${expected} (${place})`, labels.data[wrong]);
}

/** What to write for yes or no, instead of a distribution over one class. */
export const yesOrNo = 'for yes or no, Dense({ units: 1, activation: "sigmoid" }) with the loss binaryCrossentropy';

/**
 * Rejects outputs of one class: a distribution over it is always 1, so nothing is learned.
 *
 * Source: Keras 3, which warns of this and trains.
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

/** A loop, because there may be a label for every pixel: a function call for each would cost many times as much. */
function firstNoShare(labels: HostArray["data"]): number {
  for (let index = 0; index < labels.length; index++) {
    const label = labels[index] ?? 0;
    if (!(label >= -rounding && label <= 1 + rounding)) return index;
  }
  return -1;
}
