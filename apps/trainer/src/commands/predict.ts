import type { DeviceRequest } from "@featuremap/devices";
import { type Prediction, loadClassifier } from "@featuremap/inference";
import { AbortedError, InvalidConfigError, type Pixels, sizeOf } from "@featuremap/tensor";
import { decodeImage } from "../decode-image.ts";
import { type DeviceDescription, describeDevice } from "../device-description.ts";
import { firstImages } from "../first-images.ts";
import { openBundle } from "../open-bundle.ts";
import { findPreset } from "../presets/find-preset.ts";

/** Image files, or the first test images of a dataset. */
export type PredictSource =
  | { readonly files: readonly string[] }
  | { readonly dataset: string; readonly count: number };

/** What to classify, and how. */
export interface PredictOptions {
  readonly bundle: string;
  readonly source: PredictSource;
  /** Answers for each image; default 3, or as many as there are labels. */
  readonly top?: number | undefined;
  readonly device?: DeviceRequest;
  readonly threads?: number;
  /** Ends the work after the current batch. */
  readonly signal?: AbortSignal;
  /** Called for each image, in order. */
  readonly onImage?: (image: PredictedImage) => void;
}

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

/** All answers. */
export interface PredictResult {
  readonly device: DeviceDescription;
  readonly images: readonly PredictedImage[];
}

const batchSize = 64;
const usualTop = 3;

interface NamedPixels {
  readonly image: string;
  readonly pixels: () => Promise<Pixels>;
  readonly truth?: string;
}

/**
 * Classifies images.
 *
 * @throws {InvalidConfigError} the dataset is unknown or has fewer images, there is no image to classify, or the model
 * has fewer labels than `top`.
 * @throws {UnavailableError} the bundle, an image, the dataset or the device is not there.
 * @throws {FormatError} the bundle, an image or the dataset is damaged.
 * @throws {NonFiniteError} the model gives NaN or infinity for an image.
 * @throws {AbortedError} the signal was aborted.
 */
export async function predict(options: PredictOptions): Promise<PredictResult> {
  const { bundle: location, source, signal, onImage } = options;
  const images = "dataset" in source ? await datasetImages(source.dataset, source.count) : fileImages(source.files);
  const { bundle, device, close } = await openBundle(location, options);
  try {
    const top = checkTop(options.top, bundle.labels.length);
    // The same runtime as in a page; it shares the device that is open.
    const classifier = await loadClassifier(bundle, { device: device.name, signal });
    const results: PredictedImage[] = [];
    for (let start = 0; start < images.length; start += batchSize) {
      if (signal?.aborted === true) throw new AbortedError("Stopped before all images were classified.");
      const part = images.slice(start, start + batchSize);
      const pixels = await Promise.all(part.map((entry) => entry.pixels()));
      const answers = await classifier.classifyBatch(pixels, { topK: top });
      for (const [index, { image, truth }] of part.entries()) {
        const { predictions = [] } = answers[index] ?? {};
        const { label = "", probability = Number.NaN } = predictions[0] ?? {};
        const result = { image, label, probability, predictions, ...(truth === undefined ? {} : { truth }) };
        results.push(result);
        onImage?.(result);
      }
    }
    classifier.dispose();
    return { device: describeDevice(device), images: results };
  } finally {
    await close();
  }
}

function checkTop(top: number | undefined, labels: number): number {
  if (top === undefined) return Math.min(usualTop, labels);
  if (top <= labels) return top;
  throw new InvalidConfigError(
    "predict",
    "--top",
    `an integer in [1, ${labels}], for the model has no more labels`,
    top,
  );
}

function fileImages(files: readonly string[]): NamedPixels[] {
  if (files.length === 0) throw new InvalidConfigError("predict", "images", "one file or more", "none");
  return files.map((file) => ({ image: file, pixels: () => decodeImage(file) }));
}

async function datasetImages(name: string, count: number): Promise<NamedPixels[]> {
  const { test } = await findPreset("predict", "dataset", name).load();
  const { images, labels, classNames, size } = firstImages("predict", "--count", test, count);
  const [, height = 0, width = 0] = images.shape;
  const length = sizeOf(images.shape.slice(1));
  return Array.from({ length: size }, (_, index) => ({
    image: `${name} test ${index}`,
    pixels: async () => ({ data: images.data.subarray(index * length, (index + 1) * length), width, height }),
    truth: classNames[labels.data[index] ?? -1] ?? "",
  }));
}
