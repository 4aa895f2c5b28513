/** Learning rates that a sweep suggests, by fastai's names; each undefined where the loss never fell. */
export interface LearningRateSuggestions {
  /** Where the loss falls the steepest over the rate's logarithm, between the first tenth of the steps and the least loss. */
  readonly steep: number | undefined;
  /** The middle of the longest valley: of the most steps, not all side by side, each of a lower loss than the one before; without the first tenth too. */
  readonly valley: number | undefined;
  /** A tenth of the rate of the least loss. */
  readonly minimum: number | undefined;
}

/** Reads a sweep. @param losses smoothed, one for each rate */
export function suggestRates(rates: readonly number[], losses: readonly number[]): LearningRateSuggestions {
  const end = losses.indexOf(losses.reduce((least, loss) => Math.min(least, loss), Number.POSITIVE_INFINITY));
  return {
    steep: steepest(rates, losses, end),
    valley: middleOfValley(rates, losses),
    minimum: end > 0 ? (rates[end] ?? Number.NaN) / 10 : undefined,
  };
}

/** Share of the steps, at the start, in which the smoothed loss is the mean of so few that it is noise. */
const noisy = 0.1;
/** Share of the steps over which a slope is measured, to either side. */
const reach = 0.02;

function steepest(rates: readonly number[], losses: readonly number[], end: number): number | undefined {
  const far = Math.max(1, Math.floor(losses.length * reach));
  let [best, slope]: [number | undefined, number] = [undefined, 0];
  for (let index = Math.max(far, firstOf(losses)); index < end; index++) {
    const [before, after] = [index - far, Math.min(index + far, losses.length - 1)];
    const rise = (losses[after] ?? 0) - (losses[before] ?? 0);
    const run = Math.log(rates[after] ?? 1) - Math.log(rates[before] ?? 1);
    if (rise / run < slope) [best, slope] = [rates[index], rise / run];
  }
  return best;
}

function firstOf({ length }: readonly number[]): number {
  return Math.floor(length * noisy);
}

/** By the longest falling subsequence of the losses. */
function middleOfValley(rates: readonly number[], smoothed: readonly number[]): number | undefined {
  const first = firstOf(smoothed);
  const losses = smoothed.slice(first);
  const lengths: number[] = [];
  const starts: number[] = [];
  let longest = 0;
  for (const [index, loss] of losses.entries()) {
    let before = -1;
    for (let earlier = 0; earlier < index; earlier++) {
      if ((losses[earlier] ?? 0) > loss && (lengths[earlier] ?? 0) > (lengths[before] ?? 0)) before = earlier;
    }
    lengths.push(1 + (lengths[before] ?? 0));
    starts.push(starts[before] ?? index);
    if ((lengths[index] ?? 0) > (lengths[longest] ?? 0)) longest = index;
  }
  if ((lengths[longest] ?? 0) < 2) return undefined;
  return rates[first + Math.round(((starts[longest] ?? 0) + longest) / 2)];
}
