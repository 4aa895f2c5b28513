import { InvalidConfigError, UnavailableError } from "@featuremap/tensor";
import { openData } from "../../../data/open-data.ts";
import type { TrainingData } from "../../../data/training-data.ts";
import { flagName } from "../../../options/names.ts";
import { deviceOptions } from "../../../options/shared.ts";
import { sweepOptions, sweepable } from "../../../options/commands/sweep.ts";
import { textOfValue } from "../../../options/read-value.ts";
import { trainOptions } from "../../../options/commands/train.ts";
import { decideNetwork } from "../../../training/network/network.ts";
import type { Network } from "../../../training/network/network-types.ts";
import { decideLearning } from "../../../training/settings.ts";
import type { TrainOptions, TrainSettings } from "../../../training/train-types.ts";
import type { Trial } from "./plan-trials.ts";
import { trialName } from "./run-trial.ts";
import type { Objective, TrialRow } from "./trial-row.ts";

/** What is the same in all trials, and what halving needs to know. */
export interface TrialSettings extends TrainSettings, Pick<TrainOptions, "data" | "signal" | "onDownload"> {
  readonly method?: "full" | "halving" | undefined;
  readonly objective?: Objective | undefined;
}

/** Trials that can be trained, and on what. */
export interface CheckedTrials {
  readonly data: TrainingData;
  /** One for each trial, failed where its values do not go together. */
  readonly trials: TrialRow[];
  /** What every trial is told beside its own values. */
  readonly base: TrainSettings;
}

const owner = "sweep";

/** Share of a data set with a name that is kept to judge by: its test pictures are not for choosing. */
const keptShare = 0.1;

/** Those of training that a sweep has too, but for what is its own affair. */
const taken = Object.keys({ ...trainOptions, ...deviceOptions }).filter(
  (key) =>
    (Object.hasOwn(sweepOptions, key) || Object.hasOwn(deviceOptions, key)) && !["name", "out", "time"].includes(key),
);

/**
 * Checks all trials before one is trained: that each value can be, by itself, on these data.
 *
 * @throws {InvalidConfigError} one cannot, or an option is fixed and tried.
 * @throws {UnavailableError} the data cannot be used.
 */
export async function checkTrials(planned: readonly Trial[], options: TrialSettings): Promise<CheckedTrials> {
  const given: Readonly<Record<string, unknown>> = { ...options };
  const names = [...new Set(planned.flatMap(({ values }) => Object.keys(values)))];
  refuseFixed(names, given);
  if (options.method === "halving") checkEpochs(names, options.epochs);
  if (options.objective === "val_loss") checkLosses(names);
  const fixed: TrainSettings = Object.fromEntries(
    taken
      .filter((key) => given[key] !== undefined && key !== "resume" && key !== "dryRun")
      .map((key) => [key, given[key]]),
  );
  const base: TrainSettings = { ...fixed, report: false };
  const { seed = 1, signal, onDownload } = options;
  const { fraction, limit, dataFolder } = base;
  const open = (valFraction: number | undefined): Promise<TrainingData> =>
    openData(options.data, { owner, seed, valFraction, fraction, limit, dataFolder, signal, onDownload });
  let data = await open(base.valFraction);
  let valFraction = base.valFraction;
  if (data.validation === undefined) {
    valFraction = keptShare;
    data = await open(valFraction);
  }
  const settled = valFraction === undefined ? base : { ...base, valFraction };
  return { data, base: settled, trials: await rowsOf(planned, data, settled) };
}

/** @throws {InvalidConfigError} an option that is tried has a value already. */
function refuseFixed(names: readonly string[], given: Readonly<Record<string, unknown>>): void {
  for (const name of names) {
    const option = sweepable[name as keyof typeof sweepable];
    const usual: unknown = "default" in option ? option.default : undefined;
    if (given[name] === undefined || given[name] === usual) continue;
    const flag = `--${flagName(name)}`;
    throw new InvalidConfigError(owner, flag, "left out, since its values are tried", textOfValue(option, given[name]));
  }
}

/** @throws {InvalidConfigError} there is no number of epochs that all trials share. */
function checkEpochs(names: readonly string[], epochs: number | undefined): void {
  if (names.includes("epochs")) {
    throw new InvalidConfigError(owner, "--method", "full if epochs are tried", "halving");
  }
  if (epochs !== undefined) return;
  throw new InvalidConfigError(owner, "--epochs", "given with --method halving: the epochs of the best trials", epochs);
}

/** @throws {InvalidConfigError} the losses of trials are not of one kind, so that none is lower than another. */
function checkLosses(names: readonly string[]): void {
  const other = names.find((name) => name === "loss" || name === "labelSmoothing");
  if (other === undefined) return;
  const expected = `val_accuracy if ${other} is tried: different losses cannot be compared`;
  throw new InvalidConfigError(owner, "--objective", expected, "val_loss");
}

async function rowsOf(planned: readonly Trial[], data: TrainingData, base: TrainSettings): Promise<TrialRow[]> {
  const networks = new Map<string, Promise<Network>>();
  const epochsOf = async (values: Readonly<Record<string, unknown>>): Promise<number> => {
    const settings: TrainSettings = { ...base, ...values };
    const { model, imageSize } = settings;
    const key = JSON.stringify([model, imageSize]);
    const network = networks.get(key) ?? decideNetwork(owner, data, settings);
    networks.set(key, network);
    const { defaults, ...rest } = await network;
    return decideLearning(owner, settings, defaults, rest).epochs;
  };
  const rows: TrialRow[] = [];
  for (const { trial, values } of planned) {
    const row = { trial, values, run: trialName(trial) };
    try {
      rows.push({ ...row, state: "waiting", epochsPlanned: await epochsOf(values) });
    } catch (error) {
      if (!(error instanceof InvalidConfigError || error instanceof UnavailableError)) throw error;
      // What is wrong by itself is a mistake; what does not go together is a trial without a result.
      for (const [name, value] of Object.entries(values)) await epochsOf({ [name]: value });
      rows.push({ ...row, state: "failed", epochsPlanned: base.epochs ?? 0, reason: error.message });
    }
  }
  return rows;
}
