import type { Trial } from "./plan-trials.ts";

/** What trials are compared by. */
export type Objective = "val_accuracy" | "val_loss";

/**
 * How far a trial is: not begun; in training; waiting for its next round, or for a sweep that goes on; left behind by
 * halving; without a result; trained for all its epochs.
 */
export type TrialState = "waiting" | "running" | "paused" | "pruned" | "failed" | "completed";

/** How good the model of a trial is. */
export interface TrialScore {
  /** Epochs that it has trained for. */
  readonly epochs: number;
  readonly val_accuracy: number;
  readonly val_loss: number;
  /** On training pictures, in the last of those epochs. */
  readonly accuracy: number;
  readonly loss: number;
  /** That these epochs took. */
  readonly seconds: number;
}

/** A trial with what came of it: one row of the table. */
export interface TrialRow extends Trial, Partial<TrialScore> {
  readonly state: TrialState;
  /** That it would train for, were it not left behind. */
  readonly epochsPlanned: number;
  /** Why it has no result. */
  readonly reason?: string;
  /** Folder of its run, in that of the sweep. */
  readonly run: string;
}

/** Rows from the best to the worst: what is completed, then what was judged on the way, then the rest. */
export function ranked(rows: readonly TrialRow[], objective: Objective): TrialRow[] {
  return rows.toSorted((one, other) => {
    const byState = standing(one) - standing(other);
    return byState === 0 ? better(one, other, objective) || one.trial - other.trial : byState;
  });
}

/** The best of the trials that trained for all their epochs. */
export function bestOf(rows: readonly TrialRow[], objective: Objective): TrialRow | undefined {
  const [first] = ranked(rows, objective);
  return first?.state === "completed" && Number.isFinite(first[objective]) ? first : undefined;
}

function standing({ state, val_loss }: TrialRow): number {
  if (state === "completed") return 0;
  if (state === "failed") return 3;
  return val_loss === undefined ? 2 : 1;
}

/** Below 0 where the first is better; a number that is none is the worst. */
function better(one: TrialRow, other: TrialRow, objective: Objective): number {
  const accuracy = worth(other.val_accuracy) - worth(one.val_accuracy) || 0;
  const loss = worth(negated(other.val_loss)) - worth(negated(one.val_loss)) || 0;
  return objective === "val_accuracy" ? accuracy || loss : loss || accuracy;
}

function negated(value: number | undefined): number | undefined {
  return value === undefined ? undefined : -value;
}

function worth(value: number | undefined): number {
  return value === undefined || Number.isNaN(value) ? Number.MIN_SAFE_INTEGER : value;
}
