/** The epoch after which the loss on what judges was the lowest. */
export interface BestEpoch {
  /** From 1. */
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
}

/**
 * The best of a run's epochs, as `checkpoints/best` has it: of several with the same loss the first.
 *
 * @param history every epoch's numbers by name
 * @param from epochs that do not count, at the start
 * @returns undefined where none was judged
 */
export function bestEpoch(history: Readonly<Record<string, readonly number[]>>, from = 0): BestEpoch | undefined {
  const losses = history["val_loss"] ?? [];
  let best: number | undefined;
  for (const [at, loss] of losses.entries()) {
    if (at >= from && !Number.isNaN(loss) && (best === undefined || loss < (losses[best] ?? 0))) best = at;
  }
  if (best === undefined) return undefined;
  return { epoch: best + 1, loss: losses[best] ?? Number.NaN, accuracy: history["val_accuracy"]?.[best] ?? Number.NaN };
}
