import { join } from "node:path";
import { AbortedError } from "@featuremap/tensor";
import type { EpochResult, TrainOptions, TrainSettings } from "../../../training/train-types.ts";
import { canGoOn, clearTrial, readSettings } from "./trial-folder.ts";

/** How a trial is trained. */
export interface TrialWork extends Pick<TrainOptions, "data" | "version" | "uninterrupted" | "onProgress" | "onNote"> {
  /** Of its run. */
  readonly folder: string;
  /** What it is told, where it begins. */
  readonly settings: TrainSettings;
  /** After how many epochs it waits; infinite: it trains to its end. */
  readonly untilEpoch: number;
  /** Ends it after the current step; it can go on later. */
  readonly signal: AbortSignal;
  readonly onEpoch: (epoch: EpochResult) => void;
  /** Trains, as the command does. */
  readonly train: (options: TrainOptions) => Promise<unknown>;
}

/**
 * Brings a trial to an epoch: from its beginning, or from where it was. Its learning rate moves as in a training for all
 * epochs, of which it does but the first ones. What came of it stands in its folder.
 *
 * @throws {FeaturemapError} the training failed.
 */
export async function runTrial(work: TrialWork): Promise<void> {
  const { folder, settings, untilEpoch, signal, train, data, version, uninterrupted, onProgress, onNote } = work;
  const pause = new AbortController();
  const onEpoch = (epoch: EpochResult): void => {
    work.onEpoch(epoch);
    if (epoch.epoch >= untilEpoch && epoch.epoch < epoch.epochs) pause.abort();
  };
  const hooks = {
    owner: "sweep",
    onEpoch,
    judgedBy: "validation",
    signal: AbortSignal.any([signal, pause.signal]),
    ...(version === undefined ? {} : { version }),
    ...(uninterrupted === undefined ? {} : { uninterrupted }),
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(onNote === undefined ? {} : { onNote }),
  } as const;
  const isBegun = canGoOn(folder);
  if (!isBegun) await clearTrial(folder);
  // What was decided when it began holds, also where it was looked for.
  const told = isBegun ? { ...(await readSettings(folder)), resume: folder } : { ...settings, out: folder };
  try {
    await train({ data, ...told, ...hooks });
  } catch (error) {
    if (!(error instanceof AbortedError && signal.aborted)) throw error;
  }
}

/** Where the run of a trial lies, in the folder of its sweep. */
export function trialName(trial: number): string {
  return `trial-${trial}`;
}

/** @param folder of the sweep */
export function trialFolder(folder: string, trial: number): string {
  return join(folder, trialName(trial));
}
