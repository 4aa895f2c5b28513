import type { DeviceRequest } from "@featuremap/devices";
import { loadClassifier } from "@featuremap/inference";
import type { OutputMeaning } from "@featuremap/layers";
import { InvalidConfigError, sizeOf } from "@featuremap/tensor";
import { type DeviceDescription, describeDevice } from "../device-description.ts";
import { firstImages } from "../first-images.ts";
import { openBundle } from "../open-bundle.ts";
import { predictOptions } from "../options/predict.ts";
import { type FailedImage, type PredictedImage, classifyBatch } from "../pictures/classify-batch.ts";
import { type NamedPicture, openBatches } from "../pictures/open-batches.ts";
import { openPicture } from "../pictures/open-picture.ts";
import { findArrayPreset } from "../presets/find-preset.ts";

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
  /** Most images that are classified together; default 64. Of large ones fewer are, so that memory stays bounded. */
  readonly batchSize?: number | undefined;
  /** Most pixels of an image file. */
  readonly maxPixels?: number | undefined;
  /** How the model's outputs become probabilities; without it, as the bundle says, or else as its layers tell. */
  readonly outputs?: OutputMeaning | undefined;
  readonly device?: DeviceRequest;
  readonly threads?: number | undefined;
  /** Called for each image that is classified, in order, as soon as it is. */
  readonly onImage?: (image: PredictedImage) => void;
  /** Called for each image that cannot be classified, in the same order. */
  readonly onFailure?: (failure: FailedImage) => void;
}

/** What came of all images. */
export interface PredictResult {
  readonly device: DeviceDescription;
  /** How many were classified. */
  readonly images: number;
  /** How many were not. */
  readonly failed: number;
  /** How many of a dataset's were classified right. */
  readonly right?: number;
}

const usualTop = 3;

/**
 * Classifies images. One that cannot be classified is reported, and the others are classified all the same.
 *
 * A model that reads digits is given them as MNIST has them, as in the page.
 *
 * @throws {InvalidConfigError} the dataset is unknown or has fewer images, there is no image to classify, or the model
 * has fewer labels than `top`.
 * @throws {UnavailableError} the bundle, the dataset or the device is not there.
 * @throws {FormatError} the bundle or the dataset is damaged.
 */
export async function predict(options: PredictOptions): Promise<PredictResult> {
  const { bundle: location, source, onImage, onFailure, batchSize: size = predictOptions.batchSize.default } = options;
  const pictures =
    "dataset" in source ? await datasetImages(source.dataset, source.count) : fileImages(source.files, options);
  const { bundle, device, close } = await openBundle(location, options);
  try {
    const topK = checkTop(options.top, bundle.labels.length);
    // The same runtime as in a page; it shares the device that is open.
    const classifier = await loadClassifier(bundle, { device: device.name, outputs: options.outputs });
    const counts = { images: 0, failed: 0, right: 0 };
    for await (const batch of openBatches(pictures, { size })) {
      for (const answer of await classifyBatch(classifier, batch, topK)) {
        if ("error" in answer) {
          counts.failed++;
          onFailure?.(answer);
        } else {
          counts.images++;
          if (answer.label === answer.truth) counts.right++;
          onImage?.(answer);
        }
      }
    }
    classifier.dispose();
    const { right, ...rest } = counts;
    return { device: describeDevice(device), ...rest, ...("dataset" in source ? { right } : {}) };
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

function fileImages(files: readonly string[], { maxPixels }: Pick<PredictOptions, "maxPixels">): NamedPicture[] {
  if (files.length === 0) throw new InvalidConfigError("predict", "images", "one file or more", "none");
  return files.map((file) => ({ image: file, open: () => openPicture(file, { maxPixels }) }));
}

async function datasetImages(name: string, count: number): Promise<NamedPicture[]> {
  const { test } = await findArrayPreset("predict", name).load();
  const { images, labels, classNames, size } = firstImages("predict", "--count", test, count);
  const [, height = 0, width = 0] = images.shape;
  const length = sizeOf(images.shape.slice(1));
  return Array.from({ length: size }, (_, index) => {
    const data = images.data.subarray(index * length, (index + 1) * length);
    return {
      image: `${name} test ${index}`,
      open: async () => ({ bytes: length, decode: async () => ({ data, width, height }) }),
      truth: classNames[labels.data[index] ?? -1] ?? "",
    };
  });
}
