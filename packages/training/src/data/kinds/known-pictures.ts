import type { KnownPictures } from "@featuremap/formats";
import type { HostArray } from "@featuremap/tensor";
import type { TrainingBatch } from "../training-batch.ts";

/** What a data set or a source of batches may say; a bundle's writer checks it. */
interface DescribedPictures {
  readonly preprocessing?: NonNullable<KnownPictures["preprocessing"]>;
  readonly classNames?: readonly string[];
}

/** What a data set or batches say of their pictures; undefined where they say nothing. */
export function picturesOf(data: unknown): KnownPictures | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { preprocessing, classNames: labels } = data as DescribedPictures;
  if (preprocessing === undefined && labels === undefined) return undefined;
  return { ...(preprocessing && { preprocessing }), ...(labels && { labels }) };
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
  return scale === undefined ? undefined : { scale };
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
