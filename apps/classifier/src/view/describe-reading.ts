import type { Prediction } from "@featuremap/inference";
import { formatName, formatPercent } from "./format.ts";

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

/** Below this probability a second class is not worth naming: it would be shown as `0.0%`. */
const NEGLIGIBLE = 0.0005;

/**
 * Puts a reading into words; what no class reaches half for is called unsure.
 *
 * @param predictions one or more, most probable first
 */
export function describeReading(predictions: readonly Prediction[]): ReadingText {
  const [best, second] = predictions;
  if (best === undefined) return { headline: "", detail: "", spoken: "" };
  const headline = formatPercent(best.probability);
  const label = formatName(best.label);
  const sure = best.probability >= SURE;
  if (second === undefined || second.probability < NEGLIGIBLE) {
    return { headline, detail: "Nothing else comes close", spoken: `Reads as ${label}, ${headline}.` };
  }
  const next = `${formatName(second.label)} at ${formatPercent(second.probability)}`;
  return sure
    ? { headline, detail: `Then ${next}`, spoken: `Reads as ${label}, ${headline}.` }
    : { headline, detail: `Not sure. Then ${next}`, spoken: `Not sure: ${label} at ${headline}, or ${next}.` };
}
