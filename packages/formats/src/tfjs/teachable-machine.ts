import { type Preprocessing, plainPreprocessing } from "@featuremap/images";
import { UnavailableError } from "@featuremap/tensor";
import { parseJsonObject } from "../reading/json.ts";
import type { ModelReader } from "../reading/model-reader.ts";
import type { WeightsGroup } from "./weights-manifest.ts";

/** What Teachable Machine tells of a model of pictures, beside `model.json`. */
export interface TeachableMetadata {
  readonly labels: readonly string[];
  readonly preprocessing: Preprocessing;
}

const file = "metadata.json";
const longest = 2 ** 20;

/**
 * Reads `metadata.json` of Teachable Machine, which stands beside a model whose weights are in one `weights.bin`.
 *
 * Its pictures are cut to the centred square, and pixels divided by 127 before 1 is subtracted.
 * Source: `capture` and `cropTo` of `@teachablemachine/image`.
 *
 * @returns undefined where there is none, or it is not of pictures
 * @throws {FormatError} the file is not JSON.
 * @throws {AbortedError} the signal was raised.
 */
export async function readTeachableMetadata(
  reader: ModelReader,
  groups: readonly WeightsGroup[],
  signal: AbortSignal | undefined,
): Promise<TeachableMetadata | undefined> {
  const [path, ...others] = groups.flatMap(({ paths }) => paths);
  if (path !== "weights.bin" || others.length > 0) return undefined;
  const bytes = await readIfAny(reader, signal);
  if (bytes === undefined) return undefined;
  const { packageName, labels, imageSize = 224, grayscale } = parseJsonObject(bytes, reader.describe(file), "document");
  const areLabels = Array.isArray(labels) && labels.every((label) => typeof label === "string");
  if (packageName !== "@teachablemachine/image" || !areLabels || !Number.isInteger(imageSize)) return undefined;
  const size = Number(imageSize);
  const plain = plainPreprocessing([size, size], grayscale === true ? "grayscale" : "rgb", 1 / 127);
  return { labels, preprocessing: { ...plain, crop: "center", mean: plain.mean.map(() => 1) } };
}

async function readIfAny(reader: ModelReader, signal: AbortSignal | undefined): Promise<Uint8Array | undefined> {
  try {
    return await reader.read(file, { limit: longest, limitName: "the bytes of metadata.json", signal });
  } catch (error) {
    if (error instanceof UnavailableError) return undefined;
    throw error;
  }
}
