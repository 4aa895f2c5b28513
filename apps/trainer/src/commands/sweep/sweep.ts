import { resolve } from "node:path";
import { writeFileWhole } from "@featuremap/files";
import { withPlaces } from "../../training/run/option-places.ts";
import { runConfig } from "../../config/run-config.ts";
import { refuseOutAmongClasses } from "../../data/runs-in-data.ts";
import type { OptionValues } from "../../options/option.ts";
import type { deviceOptions } from "../../options/shared.ts";
import { sweepOptions, sweepable } from "../../options/commands/sweep.ts";
import { checkTrials } from "./trials/check-trials.ts";
import { checkSweepResumed, sweepConfigOptions } from "./resumed-sweep.ts";
import { Scoreboard } from "./scoreboard.ts";
import { type Rung, planRungs } from "./trials/plan-rungs.ts";
import { runRounds } from "./run-rounds.ts";
import { takeSweepFolder } from "./sweep-folder.ts";
import { planTrials } from "./trials/plan-trials.ts";
import { readVerdicts } from "./sweep-files.ts";
import type { Objective, TrialRow } from "./trials/trial-row.ts";
import { writeSweepPlot } from "./write-sweep-plot.ts";
import type { EpochResult, TrainOptions } from "../../training/train-types.ts";
import { train } from "../train/train.ts";

/** What the user may say: values of the command's options. */
export type SweepSettings = Partial<OptionValues<typeof sweepOptions & typeof deviceOptions>>;

/** What to try, on what, and whom to tell. */
export interface SweepOptions extends SweepSettings {
  /** A folder, a file, or the name of a data set. */
  readonly data: string;
  /** Of the command, for the runs' records. */
  readonly version?: string;
  /** Ends the sweep after the step under way; it can go on later. */
  readonly signal?: AbortSignal;
  readonly uninterrupted?: NonNullable<TrainOptions["uninterrupted"]>;
  readonly onDownload?: NonNullable<TrainOptions["onDownload"]>;
  readonly onStart?: (plan: SweepPlan) => void;
  /** A trial is trained, from its beginning or on. */
  readonly onTrial?: (row: TrialRow) => void;
  readonly onProgress?: (trial: number, progress: Parameters<NonNullable<TrainOptions["onProgress"]>>[0]) => void;
  readonly onEpoch?: (trial: number, epoch: EpochResult) => void;
  readonly onNote?: (trial: number, note: string) => void;
  /** A trial has a result, or has none, or is left behind. @param rows all, the best first */
  readonly onResult?: (row: TrialRow, rows: readonly TrialRow[]) => void;
}

/** What is about to be tried. */
export interface SweepPlan {
  readonly data: string;
  readonly imagesAre: string;
  readonly trainImages: number;
  readonly validationImages: number;
  readonly classes: number;
  readonly method: "full" | "halving";
  /** Rounds of halving; absent where all trials train to their end. */
  readonly rungs?: readonly Rung[];
  readonly objective: Objective;
  readonly seed: number;
  /** Options that differ from trial to trial. */
  readonly options: readonly string[];
  readonly trials: readonly TrialRow[];
  /** Absolute path; absent in a dry run. */
  readonly folder?: string;
  readonly resumed: boolean;
  readonly dryRun: boolean;
}

/** What came out. */
export interface SweepResult {
  /** Whether the signal or the time limit came before all was done. */
  readonly stopped: boolean;
  readonly trials: readonly TrialRow[];
  /** Of the trials that trained to their end; null where there is none. */
  readonly best: (TrialRow & { readonly model: string }) | null;
  /** Absolute path; absent in a dry run. */
  readonly folder?: string;
  /** Names of the files in it that tell of all trials. */
  readonly files: readonly string[];
}

/**
 * Trains a network with many settings and tells which are the best, by the validation pictures. Each trial is a run of its
 * own in the folder of the sweep; all begin with the same seed, and so with the same validation part.
 *
 * What was done can be gone on from at any moment: trials that are complete stay, one that was cut short goes on from its
 * checkpoint, and the table becomes that of a sweep that nothing interrupted.
 *
 * @throws {InvalidConfigError} a value cannot be, or fits neither data nor network; nothing was trained.
 * @throws {UnavailableError} data, device or folder cannot be used.
 */
export async function sweep(asked: SweepOptions): Promise<SweepResult> {
  const options = await withPlaces(asked, sweepOptions);
  const {
    grid = {},
    random = {},
    trials: draws = sweepOptions.trials.default,
    seed = 1,
    objective = "val_accuracy",
    signal,
  } = options;
  const { method = "full", eta = sweepOptions.eta.default, minEpochs = 1, dryRun = false, resume } = options;
  if (resume === undefined) await refuseOutAmongClasses("sweep", options.data, options.out);
  else await checkSweepResumed(resume, { ...options });
  const planned = planTrials({ grid, random, trials: draws, seed, of: sweepable });
  const { data, trials, base } = await checkTrials(planned, { ...options, seed });
  const rungs =
    method === "halving"
      ? planRungs({ trials: trials.length, epochs: options.epochs ?? 1, eta, minEpochs })
      : undefined;
  const plan = {
    data: data.name,
    imagesAre: data.imagesAre,
    trainImages: data.train.size,
    validationImages: data.validation?.size ?? 0,
    classes: data.classNames.length,
    method,
    ...(rungs === undefined ? {} : { rungs }),
    objective,
    seed,
    options: [...Object.keys(grid), ...Object.keys(random)],
    resumed: resume !== undefined,
    dryRun,
  };
  if (dryRun) {
    options.onStart?.({ ...plan, trials });
    return { stopped: false, trials, best: null, files: [] };
  }
  const folder = await takeSweepFolder({ resume, out: options.out, name: options.name ?? data.name });
  try {
    const words = { data: data.location };
    await writeFileWhole(folder.config, runConfig("sweep", words, { ...options }, sweepConfigOptions));
    const board = new Scoreboard(folder, trials, objective, options.onResult);
    await board.restore(resume === undefined ? new Map() : await readVerdicts(folder));
    options.onStart?.({ ...plan, trials: board.rows, folder: folder.path });
    const { stopped } = await runRounds(board, {
      ...options,
      settingsOf: (trial) => ({ ...base, ...trial.values }),
      rungs: rungs ?? [{ epochs: Number.POSITIVE_INFINITY, trials: trials.length }],
      deadline: options.time === undefined ? undefined : performance.now() + options.time * 1000,
      signal: signal ?? new AbortController().signal,
      train,
    });
    const files = await writeSweepPlot(folder, board.rows, { objective, title: `Trials on ${data.name}` });
    const { best } = board;
    return {
      stopped,
      trials: board.ranked,
      best: best === undefined ? null : { ...best, model: resolve(folder.path, best.run, "model") },
      folder: folder.path,
      files: ["sweep.csv", "sweep.jsonl", ...files],
    };
  } finally {
    await folder.release();
  }
}
