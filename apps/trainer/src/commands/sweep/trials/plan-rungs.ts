/** A round of successive halving. */
export interface Rung {
  /** Epochs that a trial has trained for when the round is over, counted from its beginning. */
  readonly epochs: number;
  /** Trials that take part. */
  readonly trials: number;
}

/**
 * The rounds of successive halving: all trials for a few epochs, then one in `eta` for `eta` times as many, and so on up to
 * all epochs. There are as many rounds as leave a trial for the last one, and `minEpochs` for the first.
 *
 * Source: Jamieson & Talwalkar, AISTATS 2016; the bracket with the most halvings of Li et al., JMLR 18, 2018 (Hyperband).
 */
export function planRungs({
  trials,
  epochs,
  eta,
  minEpochs,
}: {
  readonly trials: number;
  readonly epochs: number;
  readonly eta: number;
  readonly minEpochs: number;
}): Rung[] {
  let halvings = 0;
  while (Math.floor(trials / eta ** (halvings + 1)) >= 1 && Math.round(epochs / eta ** (halvings + 1)) >= minEpochs) {
    halvings += 1;
  }
  return Array.from({ length: halvings + 1 }, (_, rung) => ({
    epochs: Math.round(epochs / eta ** (halvings - rung)),
    trials: Math.floor(trials / eta ** rung),
  }));
}
