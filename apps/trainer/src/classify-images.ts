import type { ModelBundle } from "@featuremap/formats";
import { type Pixels, preprocessPixels, sizeOf } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { toProbabilities } from "./probabilities.ts";

/** One answer for an image. */
export interface Prediction {
  readonly label: string;
  /** Place of the label among the model's. */
  readonly index: number;
  /** In [0, 1]. */
  readonly probability: number;
}

/**
 * The most probable labels of each image, best first.
 *
 * @param images of any size; the bundle's preprocessing brings them to the model's
 * @param top how many labels an image
 */
export async function classifyImages(
  { model, preprocessing, labels }: ModelBundle,
  images: readonly Pixels[],
  top: number,
): Promise<Prediction[][]> {
  const entries = images.map((image) => preprocessPixels(image, preprocessing));
  const [entry] = entries;
  if (entry === undefined) return [];
  const data = new Float32Array(entries.length * sizeOf(entry.shape));
  for (const [index, { data: values }] of entries.entries()) data.set(values, index * values.length);
  const probabilities = tf.tidy(() => {
    const batch = tf.tensor(data, [entries.length, ...entry.shape]);
    return toProbabilities(model, model.predict(batch));
  });
  const values = await probabilities.data();
  probabilities.dispose();
  return images.map((_image, image) =>
    labels
      .map((label, index) => ({ label, index, probability: values[image * labels.length + index] ?? Number.NaN }))
      .toSorted((a, b) => b.probability - a.probability)
      .slice(0, top),
  );
}
