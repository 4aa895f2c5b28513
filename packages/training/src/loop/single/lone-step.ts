import type { Clock } from "../../run/every-minutes.ts";
import type { MeasuredBatch } from "../../step/step.ts";
import type { Totals } from "../../step/totals.ts";
import { explained } from "../too-large.ts";
import { Results } from "./results.ts";

/** A step outside of any pass. */
export interface LoneStep {
  /** The trainer's method, for errors: `trainOnBatch`. */
  readonly method: string;
  /** Examples in the batch. */
  readonly size: number;
  readonly totals: Totals;
  readonly clock: Clock;
  readonly step: () => MeasuredBatch;
}

/** Takes one step, and gives the logs once its numbers are among the totals. */
export async function takeLoneStep(lone: LoneStep): Promise<Record<string, number>> {
  const { method, size, totals, clock, step } = lone;
  const results = new Results({ clock, totals, place: () => method });
  try {
    results.add(step());
    await results.read();
    // Whoever trains in a loop of such steps lets others run too.
    if (results.pauseIsDue) await results.pause();
    return totals.logs;
  } catch (error) {
    throw explained(error, `Trainer.${method}`, size);
  } finally {
    results.dispose();
  }
}
