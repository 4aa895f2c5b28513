import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { reasonOf, removeEmptyFolder, writeFileWhole } from "@featuremap/files";
import { InvalidConfigError, UnavailableError } from "@featuremap/tensor";
import type { LearningRateCurve, LearningRateStep } from "@featuremap/training";
import { plotLearningRates } from "@featuremap/visualize";
import { type DeviceDescription, describeDevice } from "../../device/device-description.ts";
import { refuseOutAmongClasses } from "../../data/runs-in-data.ts";
import { findLrOptions } from "../../options/commands/find-lr.ts";
import { writePlot } from "../../drawing/write-plot.ts";
import { nextFolder } from "../../run/next-folder.ts";
import { usualRunsFolder } from "../../run/run-names.ts";
import { type Planned, decideTraining, onDevice } from "../../training/decide-training.ts";
import { plainRate, sweepLearningRate, withFound } from "../../training/find-settings.ts";
import type { Decided, TrainOptions, TrainSettings } from "../../training/train-types.ts";

const owner = "find-lr";

type Asked = Pick<TrainSettings, Extract<keyof TrainSettings, keyof typeof findLrOptions | "device" | "threads">>;

/** What a learning rate is looked for with, and whom to tell. */
export interface FindLrOptions extends Asked, Pick<TrainOptions, "data" | "signal" | "onDownload" | "onNote"> {
  /** Default: 1e-6. */
  readonly minLearningRate?: number | undefined;
  /** Default: 1. */
  readonly maxLearningRate?: number | undefined;
  /** Default: 100. */
  readonly steps?: number | undefined;
  /** Default: `runs/find-lr-<data>-<number>`. */
  readonly out?: string | undefined;
  readonly onStart?: (plan: FindLrPlan) => void;
  readonly onStep?: (step: LearningRateStep) => void;
}

/** What is about to be tried. */
export interface FindLrPlan {
  readonly data: string;
  readonly imagesAre: string;
  readonly trainImages: number;
  readonly classes: number;
  readonly network: string;
  readonly networkReason: string;
  readonly optimizer: string;
  readonly batchSize: number;
  readonly steps: number;
  readonly minLearningRate: number;
  readonly maxLearningRate: number;
  readonly seed: number;
  readonly device: DeviceDescription;
}

/** What came out. */
export interface FindLrResult {
  /** The steepest, as `--learning-rate auto` takes it; null where the loss never fell. */
  readonly suggestion: number | null;
  /** What each way to read the curve suggests. */
  readonly suggestions: {
    readonly steep: number | null;
    readonly valley: number | null;
    readonly minimum: number | null;
  };
  readonly learningRates: readonly number[];
  readonly losses: readonly number[];
  readonly smoothedLosses: readonly number[];
  /** Whether the loss left all bounds before the last rate. */
  readonly diverged: boolean;
  /** Absolute path of the folder with the files. */
  readonly folder: string;
  readonly files: readonly string[];
}

/**
 * The learning rate range test: trains a new network for some steps while the rate grows, and looks where the loss falls.
 * No weights are kept; pictures and saved models stay as they are.
 *
 * @throws {InvalidConfigError} an option's value does not fit the data or the network.
 * @throws {UnavailableError} data, device or folder cannot be used, or the folder holds such files already.
 * @throws {AbortedError} the signal was aborted; nothing is written.
 */
export async function findLr(options: FindLrOptions): Promise<FindLrResult> {
  const { out, minLearningRate = findLrOptions.minLearningRate.default } = options;
  const { maxLearningRate = findLrOptions.maxLearningRate.default } = options;
  if (maxLearningRate <= minLearningRate) {
    const expected = `above --min-learning-rate, ${minLearningRate}`;
    throw new InvalidConfigError(owner, "--max-learning-rate", expected, maxLearningRate);
  }
  await refuseOutAmongClasses(owner, options.data, out);
  if (out !== undefined) refuseOverwriting(resolve(out));
  const planned = await decideTraining(trainOptionsOf(options));
  const folder = await takeFolder(out, planned);
  try {
    const curve = await onDevice(planned, (decided) =>
      search(decided, { ...options, minLearningRate, maxLearningRate }),
    );
    return { ...resultOf(curve, options), folder: folder.path, files: await writeCurve(folder.path, curve, planned) };
  } finally {
    await folder.release();
  }
}

async function search(
  decided: Decided,
  options: FindLrOptions & { readonly minLearningRate: number; readonly maxLearningRate: number },
): Promise<LearningRateCurve> {
  const { minLearningRate, maxLearningRate, steps = findLrOptions.steps.default, onStart, onStep } = options;
  const learning = await withFound(decided);
  const { data, network, device } = decided;
  onStart?.({
    data: data.name,
    imagesAre: data.imagesAre,
    trainImages: data.train.size,
    classes: data.classNames.length,
    network: network.name,
    networkReason: network.reasons.network,
    optimizer: learning.optimizer,
    batchSize: learning.batchSize,
    steps,
    minLearningRate,
    maxLearningRate,
    seed: learning.seed,
    device: describeDevice(device),
  });
  const range = { minLearningRate, maxLearningRate, steps };
  return sweepLearningRate({ ...decided, learning }, { ...range, ...(onStep === undefined ? {} : { onStep }) });
}

/** The files, without their endings. */
const stem = "learning-rates";
const endings = [".svg", ".png", ".csv"];

function trainOptionsOf(options: FindLrOptions): TrainOptions {
  const { onStart: _, onStep: __, out: ___, ...asked } = options;
  return { ...asked, owner };
}

/** @throws {UnavailableError} a search has written there before. */
function refuseOverwriting(folder: string): void {
  const found = endings.map((ending) => stem + ending).find((name) => existsSync(join(folder, name)));
  if (found === undefined) return;
  throw new UnavailableError(`${folder} holds ${found} already`, "Choose another folder with --out, or remove it.");
}

/** Makes the folder before the work, so that it is known to be possible; it goes again where nothing is written. */
async function takeFolder(
  out: string | undefined,
  { data }: Planned,
): Promise<{ readonly path: string; release(): Promise<void> }> {
  const runs = resolve(usualRunsFolder);
  const path = out === undefined ? await nextFolder(runs, `find-lr-${data.name}`) : resolve(out);
  if (out !== undefined) {
    await mkdir(path, { recursive: true }).catch((cause: unknown) => {
      const what = `Cannot write to ${path} (${reasonOf(cause)})`;
      throw new UnavailableError(what, "Choose another folder with --out.", { cause });
    });
  }
  return {
    path,
    async release() {
      await removeEmptyFolder(path);
      if (out === undefined) await removeEmptyFolder(runs);
    },
  };
}

async function writeCurve(folder: string, curve: LearningRateCurve, { data, network }: Planned): Promise<string[]> {
  const title = `${network.name} on ${data.name}`;
  const drawn = await writePlot(join(folder, stem), (theme) => plotLearningRates(curve, { title, width: 960, theme }));
  const { learningRates, losses, smoothedLosses } = curve;
  const rows = learningRates.map((rate, index) => `${index + 1},${rate},${losses[index]},${smoothedLosses[index]}`);
  const table = join(folder, `${stem}.csv`);
  await writeFileWhole(table, `step,learning_rate,loss,smoothed_loss\n${rows.map((row) => `${row}\n`).join("")}`);
  return [...drawn, table].map((path) => basename(path));
}

function resultOf(curve: LearningRateCurve, options: FindLrOptions): Omit<FindLrResult, "folder" | "files"> {
  const { learningRates, losses, smoothedLosses, suggestion, suggestions } = curve;
  const plain = (rate: number | undefined): number | null => (rate === undefined ? null : plainRate(rate));
  const { steep, valley, minimum } = suggestions;
  const { steps = findLrOptions.steps.default } = options;
  return {
    suggestion: plain(suggestion),
    suggestions: { steep: plain(steep), valley: plain(valley), minimum: plain(minimum) },
    learningRates,
    losses,
    smoothedLosses,
    diverged: learningRates.length < steps,
  };
}
