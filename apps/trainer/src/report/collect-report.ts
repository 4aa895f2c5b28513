import type { ImageFiles } from "@featuremap/datasets";
import type { Preprocessing } from "@featuremap/images";
import type { Model, OutputMeaning } from "@featuremap/layers";
import { type Batch, InvalidConfigError, RandomStream } from "@featuremap/tensor";
import type { CurveHistory } from "@featuremap/visualize";
import { cellPictures } from "./cell-pictures.ts";
import { chooseRows } from "./choose-pictures.ts";
import { showFeatureMaps, showFilters, showGradCam } from "./explain-network.ts";
import { showFirstBatches } from "./first-batches.ts";
import { inspectHealth } from "./inspect-health.ts";
import { type Asking, predictFiles } from "./predict-files.ts";
import type { PartName, Predictions, ReportData, Shown } from "./report-data.ts";
import { scorePredictions } from "./score-predictions.ts";
import { labelledPictures, predictedPictures } from "./shown-pictures.ts";

/** What is going on, and how far it is. */
export interface ReportProgress {
  readonly stage: "predictions" | "pictures" | "explanations" | "health";
  readonly done: number;
  readonly total: number;
}

/** What a report is made of. A device must be open. */
export interface CollectReportOptions {
  /** Of the run. */
  readonly name: string;
  readonly model: Model;
  /** What the outputs mean, where the layers do not tell. */
  readonly outputs?: OutputMeaning | undefined;
  readonly data: Readonly<Partial<Record<PartName, ImageFiles | undefined>>>;
  /** The part that it is judged by, and its answers, where the network was asked before. */
  readonly judged?: { readonly part: PartName; readonly predictions: Predictions } | undefined;
  readonly classNames: readonly string[];
  readonly preprocessing: Preprocessing;
  /** Whether it tells of a training. Default: true. */
  readonly ofTraining?: boolean | undefined;
  /** Epochs' numbers, as `trainer.fit` gives them. */
  readonly history?: CurveHistory | undefined;
  /** Batches of the training, as the network got them. */
  readonly firstBatches?: readonly Batch[] | undefined;
  /** Most pictures whose health is looked at; 0 for none. Default: 2,000. */
  readonly health?: number | undefined;
  /** Chooses the pictures that are shown. */
  readonly seed: number;
  /** Pictures that are asked about at once. Default: 64. */
  readonly batchSize?: number | undefined;
  /** Threads that read pictures. */
  readonly workers?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ReportProgress) => void) | undefined;
}

const owner = "collectReport";
const labelledCount = 25;

/**
 * Finds out what a report tells: asks the network about the test part, else the validation part, and looks into it.
 *
 * @throws {InvalidConfigError} classes or outputs do not fit the network.
 * @throws {NonFiniteError} it gives NaN or infinity.
 * @throws {AbortedError} the signal was raised.
 */
export async function collectReport(options: CollectReportOptions): Promise<ReportData> {
  const { name, model, data, classNames, preprocessing, seed, batchSize = 64, workers, signal } = options;
  const { ofTraining = true } = options;
  const asking: Asking = { model, preprocessing, classNames, outputs: options.outputs, batchSize, workers, signal };
  const report =
    (stage: ReportProgress["stage"]) =>
    (done: number, total: number): void =>
      options.onProgress?.({ stage, done, total });
  const parts = (["train", "validation", "test", "all"] as const).flatMap((part): [PartName, ImageFiles][] => {
    const files = data[part];
    return files === undefined ? [] : [[part, files]];
  });
  const judgedPart = options.judged?.part ?? (data.test === undefined ? "validation" : "test");
  const judgedFiles = data[judgedPart];
  const usual = data.train ?? judgedFiles;
  if (usual === undefined) throw new InvalidConfigError(owner, "data", "a part to learn from or to judge by", data);
  const reading = { preprocessing, workers, signal };
  const order = new RandomStream(seed).fork("labelled pictures").permutation(usual.size);
  const labelled = await labelledPictures(usual, Array.from(order.subarray(0, labelledCount)), reading);
  let judged: ReportData["judged"];
  let explained: { readonly part: PartName; readonly files: ImageFiles; readonly predictions: Predictions };
  if (judgedFiles?.labels === undefined) {
    judged = { absent: absenceOf(judgedFiles) };
    // What the network sees is shown all the same, of pictures that it learned from.
    const some = usual.select(labelled.map(({ place }) => place));
    explained = { part: "train", files: some, predictions: await predictFiles(owner, some, asking) };
  } else {
    const predictions =
      options.judged?.predictions ??
      (await predictFiles(owner, judgedFiles, asking, {
        onProgress: ({ done }) => report("predictions")(done, judgedFiles.size),
      }));
    const scores = scorePredictions(predictions, classNames.length);
    const cells = await cellPictures(judgedFiles, predictions, scores, reading, report("pictures"));
    const { mostWrong } = chooseRows(predictions, seed);
    judged = {
      value: {
        part: judgedPart,
        predictions,
        scores,
        cells,
        mostWrong: await predictedPictures(judgedFiles, predictions, mostWrong, reading),
        unread: judgedFiles.size - predictions.paths.length,
      },
    };
    explained = { part: judgedPart, files: judgedFiles, predictions };
  }
  const { right, wrong } = chooseRows(explained.predictions, seed);
  const seen = await predictedPictures(explained.files, explained.predictions, [...right, ...wrong], reading);
  const explaining = report("explanations");
  const [first] = seen;
  const filters = await showFilters(model);
  explaining(1, 3);
  const noPicture = { absent: "No picture could be read." };
  const featureMaps = first === undefined ? noPicture : await showFeatureMaps(model, preprocessing, first);
  explaining(2, 3);
  const gradCam = seen.length === 0 ? noPicture : await showGradCam(model, preprocessing, explained.part, seen);
  explaining(3, 3);
  const health = await inspectHealth(parts, classNames, {
    ...reading,
    most: options.health ?? 2000,
    seed,
    onProgress: report("health"),
  });
  return {
    name,
    classNames,
    network: {
      name: model.name,
      parameters: model.countParams(),
      size: preprocessing.size,
      channels: preprocessing.channels,
    },
    parts: parts.map(([part, files]) => ({ name: part, size: files.size, counts: countsOf(files, classNames.length) })),
    history: ofTraining || options.history !== undefined ? historyOf(options.history) : undefined,
    judged,
    labelled: labelled.length === 0 ? noPicture : { value: labelled.map(({ picture }) => picture) },
    firstBatches: ofTraining ? showFirstBatches(options.firstBatches ?? [], classNames, preprocessing) : undefined,
    filters,
    featureMaps,
    gradCam,
    health,
  };
}

function absenceOf(judged: ImageFiles | undefined): string {
  const why =
    judged === undefined ? "There is neither a test part nor a validation part" : "The pictures have no labels";
  return `${why}, so it is unknown how good the network is with pictures that it has not seen.`;
}

/** Curves of another length than the epochs', as after an early end, are left out. */
function historyOf(given: CurveHistory | undefined): Shown<CurveHistory> {
  if (given === undefined) return { absent: "No history of the training was kept." };
  const lists = Object.entries(given.history);
  const epochs = given.epoch?.length ?? lists.reduce((most, [, { length }]) => Math.max(most, length), 0);
  if (epochs === 0) return { absent: "No epoch was completed." };
  return { value: { ...given, history: Object.fromEntries(lists.filter(([, { length }]) => length === epochs)) } };
}

function countsOf({ labels }: ImageFiles, classes: number): readonly number[] | null {
  if (labels === undefined) return null;
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}
