/** The middle value, or the mean of both middle ones; NaN of none. @param {readonly number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/**
 * Ours over the peer's, pair by pair: a machine that is slow for a while is slow for both.
 *
 * @param {readonly import("./measure.mjs").Pair[]} pairs
 */
export function ratios(pairs) {
  const each = pairs.map(({ ours, peer }) => ours / peer);
  return { median: median(each), lowest: Math.min(...each), highest: Math.max(...each) };
}
