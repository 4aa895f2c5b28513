import type { Scores } from "./report-data.ts";

/** Between which shares the accuracy with other pictures of the same kind lies, with 95 % probability: Wilson's interval. */
export function accuracyInterval({ accuracy, images }: Pick<Scores, "accuracy" | "images">): readonly [number, number] {
  const z = 1.96;
  const scale = 1 + z ** 2 / images;
  const middle = (accuracy + z ** 2 / (2 * images)) / scale;
  const half = (z * Math.sqrt((accuracy * (1 - accuracy)) / images + z ** 2 / (4 * images ** 2))) / scale;
  return [Math.max(middle - half, 0), Math.min(middle + half, 1)];
}
