import { ratio } from "../metric.ts";

/** How the area between two points is taken. */
export type SummationMethod = "interpolation" | "minoring" | "majoring";

/** What is above each of some ascending thresholds. */
export interface ConfusionCounts {
  /** How many should be yes, above a threshold or not, and how many no. */
  readonly positives: number;
  readonly negatives: number;
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
}

/**
 * The area under the curve through the points of all thresholds.
 *
 * Source: Keras 3 `AUC.result`.
 */
export function areaUnder(
  { positives, negatives, truePositives, falsePositives }: ConfusionCounts,
  curve: "ROC" | "PR",
  method: SummationMethod,
): number {
  const points = Array.from(truePositives, (yes, index) => {
    const no = falsePositives[index] ?? 0;
    const recall = ratio(yes, positives);
    return curve === "ROC" ? { x: ratio(no, negatives), y: recall } : { x: recall, y: ratio(yes, yes + no) };
  });
  let area = 0;
  for (const [index, { x, y }] of points.entries()) {
    const next = points[index + 1];
    if (next) area += (x - next.x) * height(y, next.y, method);
  }
  return area;
}

/**
 * The area under precision over recall, where true positives, not precision, are interpolated between thresholds: with
 * `s` true positives for every further yes, the area between is `s * (dTP + i * log(P_B / P_A)) / positives`.
 *
 * Source: Davis and Goadrich, ICML 2006; Keras 3 `AUC.interpolate_pr_auc`.
 */
export function areaUnderPrecisionRecall({ positives, truePositives, falsePositives }: ConfusionCounts): number {
  let area = 0;
  for (let index = 0; index + 1 < truePositives.length; index++) {
    const [yes, nextYes] = [truePositives[index] ?? 0, truePositives[index + 1] ?? 0];
    const [all, nextAll] = [yes + (falsePositives[index] ?? 0), nextYes + (falsePositives[index + 1] ?? 0)];
    const slope = ratio(yes - nextYes, Math.max(all - nextAll, 0));
    const intercept = nextYes - slope * nextAll;
    const growth = all > 0 && nextAll > 0 ? all / nextAll : 1;
    area += ratio(slope * (yes - nextYes + intercept * Math.log(growth)), positives);
  }
  return area;
}

function height(one: number, other: number, method: SummationMethod): number {
  if (method === "interpolation") return (one + other) / 2;
  return method === "minoring" ? Math.min(one, other) : Math.max(one, other);
}
