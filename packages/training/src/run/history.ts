/**
 * Loss and metrics of all epochs that were completed.
 *
 * @differs what `fit` returns, not a callback
 */
export interface History {
  /** Number of each epoch, counted from 0: after `initialEpoch: 20` the first is 20. */
  readonly epoch: readonly number[];
  /** One number an epoch: `loss`, each metric by its name, and with `val_` before it on validation data. */
  readonly history: Readonly<Record<string, readonly number[]>>;
  /**
   * Why there are fewer epochs than were asked for: the signal, a callback's `stop()`, a loss that is not finite, or the time
   * that was given.
   */
  readonly stopped?: "aborted" | "earlyStopping" | "nonFinite" | "timeLimit";
  /** Where anything but a callback ended an epoch under way: its number from 0, and the steps that it took. */
  readonly abortedAt?: { readonly epoch: number; readonly step: number };
}
