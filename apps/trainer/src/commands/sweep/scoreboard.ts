import { sweepable } from "../../options/commands/sweep.ts";
import { type SweepPaths, type Verdict, writeRows } from "./sweep-files.ts";
import { canGoOn, readTrial, scoreSoFar } from "./trials/trial-folder.ts";
import { trialFolder } from "./trials/run-trial.ts";
import { type Objective, type TrialRow, type TrialScore, bestOf, ranked } from "./trials/trial-row.ts";

/** All trials of a sweep with what came of them, in memory and in its folder. */
export class Scoreboard {
  readonly objective: Objective;
  readonly folder: string;
  readonly #paths: SweepPaths;
  readonly #onResult: ((row: TrialRow, rows: readonly TrialRow[]) => void) | undefined;
  #rows: TrialRow[];

  constructor(
    paths: SweepPaths,
    rows: readonly TrialRow[],
    objective: Objective,
    onResult?: (row: TrialRow, rows: readonly TrialRow[]) => void,
  ) {
    this.#paths = paths;
    this.folder = paths.path;
    this.objective = objective;
    this.#rows = [...rows];
    this.#onResult = onResult;
  }

  /** In the order of trials. */
  get rows(): readonly TrialRow[] {
    return this.#rows;
  }

  /** The best first. */
  get ranked(): TrialRow[] {
    return ranked(this.#rows, this.objective);
  }

  get best(): TrialRow | undefined {
    return bestOf(this.#rows, this.objective);
  }

  row(trial: number): TrialRow {
    const row = this.#rows[trial - 1];
    if (row === undefined) throw new RangeError(`There is no trial ${trial}.`);
    return row;
  }

  /** Takes up what the folders of trials tell, and what was decided of them, and writes the tables. */
  async restore(verdicts: ReadonlyMap<number, Verdict>): Promise<void> {
    for (const { trial } of this.#rows) {
      const verdict = verdicts.get(trial);
      const folder = trialFolder(this.folder, trial);
      const record = await readTrial(folder);
      const score = scoreSoFar(record);
      if (verdict !== undefined) this.#change(trial, verdict, score);
      else if (record.final !== undefined) this.#change(trial, { state: "completed" }, score);
      else if (canGoOn(folder)) this.#change(trial, { state: "paused" }, score);
    }
    await this.#write();
  }

  /** Notes how far a trial is. */
  async note(trial: number, state: TrialRow["state"], score?: TrialScore): Promise<void> {
    await this.#set(trial, { state }, score);
  }

  /** Notes why a trial has no result; what it reached before stays. */
  async fail(trial: number, reason: string): Promise<void> {
    await this.#set(trial, { state: "failed", reason }, scoreSoFar(await readTrial(trialFolder(this.folder, trial))));
  }

  async #set(trial: number, change: Pick<TrialRow, "state" | "reason">, score: TrialScore | undefined): Promise<void> {
    const before = JSON.stringify(this.row(trial));
    this.#change(trial, change, score);
    const row = this.row(trial);
    if (JSON.stringify(row) === before) return;
    await this.#write();
    if (row.state !== "running") this.#onResult?.(row, this.ranked);
  }

  #change(trial: number, change: Pick<TrialRow, "state" | "reason">, score: TrialScore | undefined): void {
    this.#rows[trial - 1] = { ...this.row(trial), ...score, ...change };
  }

  #write(): Promise<void> {
    return writeRows(this.#paths, this.#rows, this.objective, sweepable);
  }
}
