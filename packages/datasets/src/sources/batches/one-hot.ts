import { HostArray, InvalidConfigError, ShapeError, formatShape } from "@featuremap/tensor";

/** 8 GB: the longest array that every engine makes. */
const mostElements = 2 ** 31;

/**
 * One row a label: 1 at the label's class, 0 elsewhere.
 *
 * @param labels class indices: a list, or an array of rank 1
 * @param classCount number of classes, at least 1
 * @returns float32 of shape `[labels.length, classCount]`
 * @throws {InvalidConfigError} a label is not an integer in [0, classCount).
 * @throws {ShapeError} the array of labels has another rank.
 */
export function oneHot(labels: HostArray | ArrayLike<number>, classCount: number): HostArray<Float32Array> {
  if (!Number.isInteger(classCount) || classCount < 1) {
    throw new InvalidConfigError("oneHot", "classCount", "an integer of at least 1", classCount);
  }
  if (!(labels instanceof HostArray || Array.isArray(labels) || ArrayBuffer.isView(labels))) {
    throw new InvalidConfigError("oneHot", "labels", "a HostArray or a list of class indices", labels);
  }
  if (labels instanceof HostArray && labels.rank !== 1) {
    throw new ShapeError("oneHot", "labels", "of rank 1", formatShape(labels.shape));
  }
  const classes = labels instanceof HostArray ? labels.data : labels;
  if (classes.length * classCount > mostElements) {
    const expected = `at most ${Math.floor(mostElements / classes.length)} for ${classes.length} labels`;
    throw new InvalidConfigError("oneHot", "classCount", expected, classCount);
  }
  const rows = new Float32Array(classes.length * classCount);
  for (let index = 0; index < classes.length; index++) {
    const label = classes[index] ?? Number.NaN;
    if (!Number.isInteger(label) || label < 0 || label >= classCount) {
      throw new InvalidConfigError("oneHot", `labels[${index}]`, `an integer in [0, ${classCount})`, label);
    }
    rows[index * classCount + label] = 1;
  }
  return new HostArray(rows, [classes.length, classCount]);
}
