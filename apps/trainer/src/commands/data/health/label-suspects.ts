import { type DatasetHealth, type ImageFiles, type PictureReference, labelSuspects } from "@featuremap/datasets";
import type { ModelBundle } from "@featuremap/formats";
import { UnavailableError, nearestName } from "@featuremap/tensor";
import { didYouMean } from "../../../options/names.ts";
import { predictFiles } from "../../../report/predict-files.ts";

/** Pictures with a place in the findings. */
export interface SuspectSource {
  readonly files: ImageFiles;
  /** Index of the first of them among all. */
  readonly from: number;
  /** Places that the model may be asked about. */
  readonly places: readonly number[];
  readonly split: string;
}

/** How many pictures the model was asked about, and whose labels it doubts. */
export interface Suspects {
  readonly asked: number;
  /** Classes by the indices of what is suggested. */
  readonly classNames: readonly string[];
  readonly found: DatasetHealth["labelSuspects"];
}

/** Pictures that are answered at once. */
const batchSize = 64;

/**
 * Labels that are probably wrong by a model's answers: those of pictures that it did not learn from, or it would repeat what
 * it was told.
 *
 * @throws {UnavailableError} a class of the data is none of the model's.
 */
export async function findSuspects(
  owner: string,
  sources: readonly SuspectSource[],
  { model, preprocessing, labels: classNames, outputs }: ModelBundle,
  {
    workers,
    signal,
    onProgress,
  }: {
    readonly workers: number | undefined;
    readonly signal: AbortSignal | undefined;
    readonly onProgress: (done: number, total: number) => void;
  },
): Promise<Suspects> {
  const references: PictureReference[] = [];
  const labels: number[] = [];
  const rows: Float64Array[] = [];
  const total = sources.reduce((sum, { places }) => sum + places.length, 0);
  let before = 0;
  for (const { files, from, places, split } of sources) {
    if (places.length === 0) continue;
    const classIndices = modelClasses(files.classNames, classNames);
    const chosen = files.select(places);
    const asking = { model, preprocessing, classNames, classIndices, outputs, batchSize, workers, signal };
    let at = 0;
    await predictFiles(owner, chosen, asking, {
      onProgress: ({ done }) => onProgress(before + done, total),
      onAnswer({ path, label, probabilities }) {
        // Files that cannot be read are not answered.
        while (chosen.filePaths[at] !== path) at += 1;
        references.push({ index: from + (places[at] ?? 0), path, label: classNames[label] ?? null, split });
        labels.push(label);
        rows.push(summingToOne(probabilities));
        at += 1;
      },
    });
    before += places.length;
  }
  const found = labelSuspects(labels, rows).flatMap(({ index, suggested, margin }) => {
    const reference = references[index];
    return reference === undefined ? [] : [{ ...reference, suggested, margin }];
  });
  return { asked: rows.length, classNames, found };
}

/** For each class of the data its index among the model's. */
function modelClasses(ofData: readonly string[], ofModel: readonly string[]): number[] {
  return ofData.map((name) => {
    const index = ofModel.indexOf(name);
    if (index >= 0) return index;
    const hint = didYouMean(nearestName(name, ofModel));
    throw new UnavailableError(
      `The model does not know the class ${name} of the data${hint}`,
      `It tells ${ofModel.slice(0, 5).join(", ")}${ofModel.length > 5 ? ` and ${ofModel.length - 5} more` : ""} apart: name the class so, or leave out --model.`,
    );
  });
}

/** A model with outputs of their own for each class gives rows of any sum. */
function summingToOne(row: Float64Array): Float64Array {
  const sum = row.reduce((total, value) => total + value, 0);
  return sum > 0 ? row.map((value) => value / sum) : row.map(() => 1 / row.length);
}
