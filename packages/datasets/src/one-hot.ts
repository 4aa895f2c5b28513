import { HostArray, InvalidConfigError } from "@featuremap/tensor";

/**
 * One row a label: 1 at the label's class, 0 elsewhere.
 *
 * @param labels class indices
 * @param classCount number of classes, at least 1
 * @returns float32 of shape `[labels.length, classCount]`
 * @throws {InvalidConfigError} a label is not an integer in [0, classCount).
 */
export function oneHot(labels: ArrayLike<number>, classCount: number): HostArray<Float32Array> {
  if (!Number.isInteger(classCount) || classCount < 1) {
    throw new InvalidConfigError("oneHot", "classCount", "an integer of at least 1", classCount);
  }
  const rows = new Float32Array(labels.length * classCount);
  for (let index = 0; index < labels.length; index++) {
    const label = labels[index] ?? -1;
    if (!Number.isInteger(label) || label < 0 || label >= classCount) {
      throw new InvalidConfigError("oneHot", `labels[${index}]`, `an integer in [0, ${classCount})`, label);
    }
    rows[index * classCount + label] = 1;
  }
  return new HostArray(rows, [labels.length, classCount]);
}
