import type { Prediction } from "@featuremap/inference";
import { formatPercent } from "./format.ts";

/** Below this probability the page calls no class the answer. */
export const SURE = 0.5;

/** A reading in words. */
export interface ReadingText {
  /** Shown beside the answer. */
  readonly headline: string;
  readonly detail: string;
  /** One sentence that stands alone, for those who hear the page. */
  readonly spoken: string;
}

/**
 * Puts a reading into words; what no class reaches half for is called unsure.
 *
 * @param predictions one or more, most probable first
 */
export function describeReading(predictions: readonly Prediction[]): ReadingText {
  const [best, second] = predictions;
  if (best === undefined) return { headline: "", detail: "", spoken: "" };
  const headline = formatPercent(best.probability);
  const next = second === undefined ? "" : `${second.label} at ${formatPercent(second.probability)}`;
  if (best.probability < SURE) {
    return {
      headline,
      detail: next === "" ? "Not sure" : `Not sure. Then ${next}`,
      spoken: `Not sure: ${best.label} at ${headline}${next === "" ? "" : `, or ${next}`}.`,
    };
  }
  return { headline, detail: next === "" ? "" : `Then ${next}`, spoken: `Reads as ${best.label}, ${headline}.` };
}
