import type { EpochResult, TrainOptions, TrainSettings } from "../../training/train-types.ts";
import { explainEnd, failureOfTrial } from "./trials/failure-of-trial.ts";
import type { Rung } from "./trials/plan-rungs.ts";
import { runTrial, trialFolder } from "./trials/run-trial.ts";
import type { Scoreboard } from "./scoreboard.ts";
import { readTrial, scoreAfter, scoreSoFar } from "./trials/trial-folder.ts";
import { type TrialRow, type TrialScore, ranked } from "./trials/trial-row.ts";

type Progress = Parameters<NonNullable<TrainOptions["onProgress"]>>[0];

/** How trials are trained. */
export interface Rounds extends Pick<TrainOptions, "data" | "version" | "uninterrupted"> {
  /** One where all trials train to their end. */
  readonly rungs: readonly Rung[];
  readonly settingsOf: (trial: TrialRow) => TrainSettings;
  readonly signal: AbortSignal;
  /** When no more is begun, and what is under way is cut short: milliseconds as `performance.now()` has them. */
  readonly deadline: number | undefined;
  readonly train: (options: TrainOptions) => Promise<unknown>;
  readonly onTrial?: ((row: TrialRow) => void) | undefined;
  readonly onProgress?: ((trial: number, progress: Progress) => void) | undefined;
  readonly onEpoch?: ((trial: number, epoch: EpochResult) => void) | undefined;
  readonly onNote?: ((trial: number, note: string) => void) | undefined;
}

/**
 * Trains trials one after another, round by round; who comes into the next round is decided by the epochs that all have done.
 * What the folders of trials show to be done is not done again.
 *
 * @returns whether the signal or the deadline came before all was done
 * @throws {FeaturemapError} something failed that would fail in every trial: a full disk.
 */
export async function runRounds(board: Scoreboard, rounds: Rounds): Promise<{ readonly stopped: boolean }> {
  const { rungs } = rounds;
  const expiry = new AbortController();
  const signal = AbortSignal.any([rounds.signal, expiry.signal]);
  const ended = (): boolean => {
    if (rounds.deadline !== undefined && performance.now() >= rounds.deadline) expiry.abort();
    return signal.aborted;
  };
  let trials = board.rows.filter(({ state }) => state !== "failed").map(({ trial }) => trial);
  for (const [index, { epochs }] of rungs.entries()) {
    const next = rungs[index + 1];
    const judged: TrialRow[] = [];
    for (const trial of trials) {
      const untilEpoch = next === undefined ? Number.POSITIVE_INFINITY : epochs;
      const score = await bring(board, trial, untilEpoch, { ...rounds, signal, ended });
      if (score === "stopped") return { stopped: true };
      if (score !== "failed") judged.push({ ...board.row(trial), ...score, state: "paused" });
    }
    if (next === undefined) break;
    const kept = ranked(judged, board.objective)
      .slice(0, next.trials)
      .map(({ trial }) => trial);
    for (const { trial } of judged) {
      if (!kept.includes(trial) && board.row(trial).state !== "completed") await board.note(trial, "pruned");
    }
    trials = kept.toSorted((one, other) => one - other);
  }
  return { stopped: false };
}

async function bring(
  board: Scoreboard,
  trial: number,
  untilEpoch: number,
  rounds: Rounds & { readonly ended: () => boolean },
): Promise<TrialScore | "stopped" | "failed"> {
  const folder = trialFolder(board.folder, trial);
  const known = scoreAfter(await readTrial(folder), untilEpoch);
  if (known !== undefined) return known;
  if (rounds.ended()) return "stopped";
  await board.note(trial, "running");
  rounds.onTrial?.(board.row(trial));
  const { settingsOf, onEpoch, onProgress, onNote } = rounds;
  try {
    await runTrial({
      ...rounds,
      folder,
      settings: settingsOf(board.row(trial)),
      untilEpoch,
      onEpoch: (epoch) => onEpoch?.(trial, epoch),
      onNote: (note) => onNote?.(trial, note),
      onProgress(progress) {
        rounds.ended();
        onProgress?.(trial, progress);
      },
    });
  } catch (error) {
    const reason = failureOfTrial(error);
    if (reason === undefined) throw explainEnd(error, board.folder);
    await board.fail(trial, reason);
    return "failed";
  }
  const record = await readTrial(folder);
  const score = scoreAfter(record, untilEpoch);
  if (score === undefined) {
    const soFar = scoreSoFar(record);
    await board.note(trial, soFar === undefined ? "waiting" : "paused", soFar);
    return "stopped";
  }
  await board.note(trial, record.final === undefined ? "paused" : "completed", score);
  return score;
}
