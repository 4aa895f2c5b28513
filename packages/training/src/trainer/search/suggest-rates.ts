/**
 * Learning rates that a sweep suggests, by fastai's names; each undefined where the loss never fell. The first tenth of the
 * steps is left aside: the smoothed loss is noise there.
 */
export interface LearningRateSuggestions {
  /** Where the loss falls the steepest over the rate's logarithm before it is the least. */
  readonly steep: number | undefined;
  /**
   * Half of the way down the longest valley, which is the most steps, not all side by side, each of a lower loss than the one
   * before. As in fastai, it counts as if they were side by side, up to the last.
   */
  readonly valley: number | undefined;
  /** A tenth of the rate of the least loss. */
  readonly minimum: number | undefined;
}

/** Share of the steps, at the start, in which the smoothed loss is the mean of so few that it is noise. */
const noisy = 0.1;
/** Share of the steps over which a slope is measured, to either side. */
const reach = 0.02;

/** Reads a sweep. @param smoothed the loss of each step, as a moving mean */
export function suggestRates(rates: readonly number[], smoothed: readonly number[]): LearningRateSuggestions {
  const first = Math.floor(smoothed.length * noisy);
  const losses = smoothed.slice(first);
  const least = losses.indexOf(losses.reduce((low, loss) => Math.min(low, loss), Number.POSITIVE_INFINITY));
  const rateAt = (place: number | undefined): number | undefined =>
    place === undefined ? undefined : rates[first + place];
  const lowest = least > 0 ? rateAt(least) : undefined;
  return {
    steep: rateAt(steepest(rates.slice(first), losses, least)),
    valley: rateAt(middleOfValley(losses)),
    minimum: lowest === undefined ? undefined : lowest / 10,
  };
}

/** Where the loss falls the most over the rate's logarithm, before a place. */
function steepest(rates: readonly number[], losses: readonly number[], end: number): number | undefined {
  const far = Math.max(1, Math.floor(losses.length * reach));
  let [best, slope]: [number | undefined, number] = [undefined, 0];
  for (let index = 1; index < end; index++) {
    const [before, after] = [Math.max(index - far, 0), Math.min(index + far, losses.length - 1)];
    const rise = (losses[after] ?? 0) - (losses[before] ?? 0);
    const run = Math.log(rates[after] ?? 1) - Math.log(rates[before] ?? 1);
    if (rise / run < slope) [best, slope] = [index, rise / run];
  }
  return best;
}

/** A third and a sixth of the way through as many steps as the longest falling subsequence has, which end with its last. */
function middleOfValley(losses: readonly number[]): number | undefined {
  const lengths: number[] = [];
  let longest = 0;
  for (const [index, loss] of losses.entries()) {
    let before = 0;
    for (let earlier = 0; earlier < index; earlier++) {
      if ((losses[earlier] ?? 0) > loss) before = Math.max(before, lengths[earlier] ?? 0);
    }
    lengths.push(before + 1);
    if (before + 1 > (lengths[longest] ?? 0)) longest = index;
  }
  const length = lengths[longest] ?? 0;
  return length < 2 ? undefined : Math.max(longest - length + Math.floor(length / 3) + Math.floor(length / 6), 0);
}
