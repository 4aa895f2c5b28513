import { UnavailableError } from "@featuremap/tensor";
import { findData, prepareData } from "../../../data/open-data.ts";
import type { LeftOut } from "../../../data/part.ts";
import { countClasses } from "../../../data/split-places.ts";
import { partsOf } from "../../../data/split-table.ts";
import { type FileSurvey, surveyFiles } from "./survey-files.ts";
import type { PartName, TrainingData } from "../../../data/training-data.ts";
import type { OptionValues } from "../../../options/option.ts";
import type { dataInfoOptions } from "../../../options/commands/data.ts";
import { decideNetwork } from "../../../training/network/network.ts";

/** What to look at. */
export interface DataInfoOptions extends Partial<OptionValues<typeof dataInfoOptions>> {
  /** What `train` would be given. */
  readonly data: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, total: number) => void;
  readonly onDownload?: (loaded: number, total: number | undefined) => void;
}

/** What data hold. */
export interface DataInfo extends FileSurvey {
  readonly data: string;
  readonly kind: TrainingData["kind"];
  /** Absolute path, or the name of a data set. */
  readonly location: string;
  /** How many pictures each part has, as the data are found. */
  readonly parts: Partial<Record<PartName, number>>;
  /** How many of each class there are in each part. */
  readonly classes: readonly ({ readonly name: string } & Partial<Record<PartName, number>>)[];
  /** Files that lie among the pictures and are none by their names. */
  readonly foreign: readonly LeftOut[];
  readonly training: TrainingChoice | { readonly problem: string };
}

/** What `train` would do with data. */
export interface TrainingChoice {
  readonly imageSize: readonly [height: number, width: number];
  readonly imageSizeReason: string;
  readonly network: string;
  readonly networkReason: string;
  readonly epochs: number;
  readonly batchSize: number;
  readonly augment: string;
  /** How many pictures of each part it would use. */
  readonly trainImages: number;
  readonly validationImages: number;
  readonly testImages: number;
}

const owner = "data info";

/**
 * Looks at data as `train` would find them, and at the head of every file.
 *
 * @throws {InvalidConfigError} there are no such data, or an option does not fit them.
 * @throws {UnavailableError} they cannot be read. @throws {FormatError} they are damaged. @throws {AbortedError}
 */
export async function dataInfo(options: DataInfoOptions): Promise<DataInfo> {
  const { dataFolder, signal, onDownload, onProgress } = options;
  const found = await findData(options.data, { owner, dataFolder, signal, onDownload });
  const parts = partsOf(found);
  const total = parts.reduce((sum, [part]) => sum + part.size, 0);
  // Before anything is read, these are the files that are not pictures by their names.
  const foreign = [...(found.passedOver ?? []), ...parts.flatMap(([part]) => part.files.skipped)];
  const training = await choiceFor(found, options);
  const survey = await surveyFiles(
    parts.map(([part]) => part.files),
    { signal, onProgress: (done) => onProgress?.(done, total) },
  );
  const counts = parts.map(([part, name]) => [name, countClasses(part.labels, found.classNames.length)] as const);
  return {
    data: found.name,
    kind: found.kind,
    location: found.location,
    parts: Object.fromEntries(parts.map(([part, name]) => [name, part.size])),
    classes: found.classNames.map((name, label) => ({
      name,
      ...Object.fromEntries(counts.map(([part, ofPart]) => [part, ofPart[label] ?? 0])),
    })),
    ...survey,
    foreign: foreign.filter(({ path }, index) => foreign.findIndex((each) => each.path === path) === index),
    training,
  };
}

async function choiceFor(
  found: TrainingData,
  { seed = 1, valFraction, model, imageSize }: DataInfoOptions,
): Promise<DataInfo["training"]> {
  try {
    const data = prepareData(found, { owner, seed, valFraction });
    const { name, preprocessing, reasons, defaults } = await decideNetwork(owner, data, { model, imageSize });
    return {
      imageSize: preprocessing.size,
      imageSizeReason: reasons.imageSize,
      network: name,
      networkReason: reasons.network,
      epochs: defaults.epochs,
      batchSize: defaults.batchSize,
      augment: defaults.augment,
      trainImages: data.train.size,
      validationImages: data.validation?.size ?? 0,
      testImages: data.test?.size ?? 0,
    };
  } catch (error) {
    // What training lacks is part of what there is to know.
    if (error instanceof UnavailableError) return { problem: error.message };
    throw error;
  }
}
