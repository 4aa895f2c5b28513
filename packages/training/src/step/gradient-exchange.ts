import type { GradientPair } from "../optimizers/optimizer.ts";

/**
 * Stands between the gradients of a batch and the step that they make: where several ranks train one model, each measures
 * batches of its own, and all of them take the same step.
 */
export interface GradientExchange {
  /**
   * The gradients to step with. Runs inside `tidy`, at once: ranks wait for each other on their own threads.
   *
   * @param own those of this rank's batch, means over its examples; they stay the caller's
   * @param examples in that batch: its share in the mean over all ranks
   */
  exchange(own: readonly GradientPair[], examples: number): readonly GradientPair[];
}

/** One process trains alone, by its own gradients. */
export const soleProcess: GradientExchange = { exchange: (own) => own };
