import type { Classifier, Prediction } from "@featuremap/inference";
import type { Pixels } from "@featuremap/images";
import { FeaturemapError, NonFiniteError } from "@featuremap/tensor";
import type { OpenedPicture } from "./open-batches.ts";
import { pixelsFor } from "../../pictures/pixels-for.ts";

/** The answers for one image. */
export interface PredictedImage {
  /** The file, or "mnist test 17". */
  readonly image: string;
  readonly label: string;
  readonly probability: number;
  /** The best answers, the first being `label`. */
  readonly predictions: readonly Prediction[];
  /** The right label, where the image comes from a dataset. */
  readonly truth?: string;
}

/** An image without an answer. */
export interface FailedImage {
  readonly image: string;
  /** It is absent, damaged or too large, or the model gives NaN or infinity for it. */
  readonly error: FeaturemapError;
}

/** What a step of the work gives, or why it gives nothing. */
type Outcome<Result> = Result | FeaturemapError;

/** Pictures whose pixels are there, or why they are not. */
export interface DecodedBatch {
  readonly batch: readonly OpenedPicture[];
  readonly inputs: readonly Outcome<Pixels>[];
}

/**
 * Decodes pictures together.
 *
 * A model that reads digits is given those of image files as MNIST has them, as in the page.
 */
export async function decodeBatch(classifier: Classifier, batch: readonly OpenedPicture[]): Promise<DecodedBatch> {
  return { batch, inputs: await Promise.all(batch.map((entry) => inputOf(entry, classifier))) };
}

/** Classifies pictures together. @returns an answer or an error for each, in their order */
export async function classifyBatch(
  classifier: Classifier,
  { batch, inputs }: DecodedBatch,
  topK: number,
): Promise<readonly (PredictedImage | FailedImage)[]> {
  const pictures = inputs.filter((input): input is Pixels => !(input instanceof FeaturemapError));
  const answers = (await classifyAll(classifier, pictures, topK)).values();
  return batch.map(({ picture: { image, truth } }, index) => {
    const input = inputs[index];
    const answer = input instanceof FeaturemapError ? input : (answers.next().value ?? []);
    if (answer instanceof FeaturemapError) return { image, error: answer };
    const { label = "", probability = Number.NaN } = answer[0] ?? {};
    return { image, label, probability, predictions: answer, ...(truth === undefined ? {} : { truth }) };
  });
}

async function inputOf(entry: OpenedPicture, classifier: Classifier): Promise<Outcome<Pixels>> {
  if ("error" in entry) return entry.error;
  try {
    return await pixelsFor(classifier, entry.opened, { isOfDataset: entry.picture.truth !== undefined });
  } catch (error) {
    if (error instanceof FeaturemapError) return error;
    throw error;
  }
}

/** In one pass; where the model gives no numbers for one of them, one by one, to find which it is. */
async function classifyAll(
  classifier: Classifier,
  pictures: readonly Pixels[],
  topK: number,
): Promise<Outcome<readonly Prediction[]>[]> {
  if (pictures.length === 0) return [];
  try {
    const answers = await classifier.classifyBatch(pictures, { topK });
    return answers.map(({ predictions }) => predictions);
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error;
    if (pictures.length === 1) return [error];
    const answers: Outcome<readonly Prediction[]>[] = [];
    for (const picture of pictures) answers.push(...(await classifyAll(classifier, [picture], topK)));
    return answers;
  }
}
