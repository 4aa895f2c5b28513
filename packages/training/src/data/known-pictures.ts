import { type HostArray, type Preprocessing, plainPreprocessing } from "@featuremap/tensor";
import type { TrainingBatch } from "./training-batch.ts";

/** How pictures became a model's input, and what its classes are called. */
export interface KnownPictures {
  readonly preprocessing: Preprocessing;
  /** Absent where the data do not say. */
  readonly labels?: readonly string[];
}

/** What a data set or batches say of their pictures; undefined where they say nothing. */
export function picturesOf(data: unknown): KnownPictures | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { preprocessing, classNames } = data as { preprocessing?: Preprocessing; classNames?: readonly string[] };
  if (preprocessing === undefined) return undefined;
  return { preprocessing, ...(classNames === undefined ? {} : { labels: classNames }) };
}

/** Elements of arrays that are looked at. */
const sample = 1e6;
/** How far a value times 255 may be from a whole number, by the rounding of float32, and count as one. */
const rounding = 1e-3;

/**
 * How pictures became arrays, if the numbers tell: whole ones from 0 to 255 are pixels as they are, and fractions that
 * are such pixels divided by 255 were scaled.
 */
export function picturesIn({ inputs: [input] }: TrainingBatch): KnownPictures | undefined {
  const [, height, width, channels] = input?.shape ?? [];
  if (input?.rank !== 4 || !height || !width || (channels !== 1 && channels !== 3)) return undefined;
  const scale = scaleOf(input);
  if (scale === undefined) return undefined;
  return { preprocessing: plainPreprocessing([height, width], channels === 1 ? "grayscale" : "rgb", scale) };
}

function scaleOf({ data }: HostArray): number | undefined {
  const length = Math.min(data.length, sample);
  let most = 0;
  let [areWhole, areFractions] = [true, true];
  for (let index = 0; index < length; index++) {
    const value = data[index] ?? Number.NaN;
    if (!(value >= 0 && value <= 255)) return undefined;
    most = Math.max(most, value);
    areWhole &&= Number.isInteger(value);
    areFractions &&= Math.abs(value * 255 - Math.round(value * 255)) <= rounding;
  }
  if (most > 1) return areWhole ? 1 : undefined;
  return areFractions && most > 0 ? 1 / 255 : undefined;
}
