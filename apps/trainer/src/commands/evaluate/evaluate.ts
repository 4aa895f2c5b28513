import type { DeviceRequest } from "@featuremap/devices";
import { throwIfAborted } from "@featuremap/files";
import type { ModelBundle } from "@featuremap/formats";
import { type OutputMeaning, outputMeaning } from "@featuremap/layers";
import { InvalidConfigError, UnavailableError } from "@featuremap/tensor";
import type { EvaluationProgress } from "@featuremap/training";
import type { LeftOut } from "../../data/part.ts";
import { type DeviceDescription, describeDevice } from "../../device/device-description.ts";
import { type Judged, type JudgedBy, openJudged } from "./open-judged.ts";
import { evaluationProgress } from "./evaluation-progress.ts";
import { type ReportTarget, beginReport } from "./write-evaluation.ts";
import { type ClassResult, type Confusion, resultOf } from "./result-of.ts";
import { openBundle } from "../../models/open-bundle.ts";
import { evaluateOptions } from "../../options/commands/evaluate.ts";
import type { ReportProgress } from "../../report/collect-report.ts";
import { type Asking, predictFiles } from "../../report/predict-files.ts";
import { scorePredictions } from "../../report/score-predictions.ts";
import type { RunPaths } from "../../run/run-paths.ts";

/** What to judge, and by what. */
export interface EvaluateOptions extends JudgedBy {
  readonly bundle: string;
  /** The run that the bundle is of, if any: its own pictures are taken where no data are named. */
  readonly run?: RunPaths | undefined;
  /** What messages call the model. Default: the bundle. */
  readonly shown?: string | undefined;
  readonly device?: DeviceRequest;
  readonly threads?: number | undefined;
  /** Images a step; changes the speed only. */
  readonly batchSize?: number | undefined;
  /** Threads that read pictures. */
  readonly workers?: number | undefined;
  /** How the model's outputs become probabilities; without it, as the bundle says, or else as its layers tell. */
  readonly outputs?: OutputMeaning | undefined;
  /** Judges by the mean of the answers to a picture and to its mirror image; also where the run was judged so. */
  readonly tta?: boolean | undefined;
  /** Where the report goes; without it there is none. */
  readonly report?: ReportTarget | undefined;
  /** A few times a second. */
  readonly onProgress?: (progress: EvaluationProgress) => void;
  /** While the report is made. */
  readonly onReportProgress?: (progress: ReportProgress) => void;
  /** Hears what the user should know, in a line of text. */
  readonly onNote?: (note: string) => void;
}

/** How good a model is on some pictures. */
export interface EvaluateResult {
  /** What the data are called. */
  readonly dataset: string;
  readonly part: Judged["part"];
  /** Pictures that were answered. */
  readonly images: number;
  /**
   * Mean over the pictures of `-ln` of the right class's probability, as in training and without what regularizers add.
   * It has no bound where the outputs are logits or those of a softmax or sigmoid; other probabilities below 1e-7 count as
   * that, as in Keras.
   */
  readonly loss: number;
  /** Share of the images that are classified right, in [0, 1]. */
  readonly accuracy: number;
  /** Share of the images whose class is among the five most probable; absent where there are at most five. */
  readonly topFive?: number;
  /** Whether an answer is the mean of those to the picture and to its mirror image. */
  readonly tta: boolean;
  readonly classes: readonly ClassResult[];
  /** How many pictures of one class were taken for one class, itself or another; of those that are not 0. */
  readonly confusion: readonly Confusion[];
  /** Files that could not be read, and why. */
  readonly leftOut: readonly LeftOut[];
  readonly device: DeviceDescription;
  /** Absolute path of `report.html`, where one was asked for. */
  readonly report?: string;
}

/**
 * Classifies labelled pictures and compares the answers with the labels.
 *
 * They are read and made into the model's input as its bundle says, and their classes are the model's by their names.
 *
 * @throws {InvalidConfigError} the data are unknown, or have fewer pictures than the limit; nobody tells what the model's
 * outputs mean.
 * @throws {UnavailableError} the bundle, the data or the device is not there, the model does not know a class of the data,
 * or none of the pictures can be read.
 * @throws {FormatError} the bundle or the data are damaged.
 * @throws {NonFiniteError} the model gives NaN or infinity, or excludes a picture's class altogether.
 * @throws {AbortedError} the signal was raised.
 */
export async function evaluate(options: EvaluateOptions): Promise<EvaluateResult> {
  const { bundle: location, run, shown = location, onProgress, onNote } = options;
  const { bundle, device, close } = await openBundle(location, options);
  try {
    const outputs = meaningOf(bundle, options.outputs);
    const judged = await openJudged({ labels: bundle.labels, run, shown }, options);
    for (const note of judged.notes) onNote?.(note);
    const { files, classNames, part } = judged;
    const foreign = files.skipped.length;
    const { batchSize = evaluateOptions.batchSize.default, signal } = options;
    const { workers = judged.areInMemory ? 0 : undefined } = options;
    const { model, preprocessing } = bundle;
    const mirrored = options.tta === true || judged.tta;
    const asking: Asking = { model, preprocessing, classNames, outputs, batchSize, workers, signal, mirrored };
    const report = options.report && (await beginReport(options.report, classNames));
    try {
      const predictions = await predictFiles("evaluate", files, asking, {
        onProgress: evaluationProgress(files.size, batchSize, onProgress),
        ...(report === undefined ? {} : { onAnswer: report.onAnswer }),
      });
      throwIfAborted("evaluate", signal);
      const leftOut = files.skipped.slice(foreign);
      if (predictions.paths.length === 0) throw noPicture(judged, leftOut);
      const scores = scorePredictions(predictions, classNames.length);
      const result: EvaluateResult = {
        dataset: judged.name,
        part,
        ...resultOf(scores, classNames),
        tta: mirrored,
        leftOut,
        device: describeDevice(device),
      };
      if (report === undefined) return result;
      const { onReportProgress } = options;
      const page = await report.write(result, { ...asking, files, predictions, run, onProgress: onReportProgress });
      return { ...result, report: page };
    } finally {
      await report?.close();
    }
  } finally {
    await close();
  }
}

/** What is asked for, else what the bundle says of its outputs, else what the graph does, as wherever it classifies. */
function meaningOf({ outputs, model }: ModelBundle, asked: OutputMeaning | undefined): OutputMeaning {
  const meaning = asked ?? outputs ?? outputMeaning(model);
  if (meaning !== "unknown") return meaning;
  const expected =
    "probabilities, logits or binaryLogits, since neither the bundle nor its layers show what the outputs mean";
  throw new InvalidConfigError("evaluate", "--outputs", expected, asked);
}

function noPicture({ name, files }: Judged, leftOut: readonly LeftOut[]): UnavailableError {
  const [first] = leftOut;
  const why = first === undefined ? "" : ` The first: ${first.reason}`;
  return new UnavailableError(`None of the ${files.size} pictures of ${name} can be read`, `Name others.${why}`);
}
