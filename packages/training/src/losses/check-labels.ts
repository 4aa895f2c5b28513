import { type HostArray, InvalidConfigError } from "@featuremap/tensor";
import { placeOf } from "../data/place-of.ts";

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

/** @throws {InvalidConfigError} a label is no share in [0, 1]. */
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
