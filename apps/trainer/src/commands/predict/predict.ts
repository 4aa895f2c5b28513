import { resolve } from "node:path";
import type { DeviceRequest } from "@featuremap/devices";
import { throwIfAborted } from "@featuremap/files";
import { type Classifier, loadClassifier } from "@featuremap/inference";
import type { OutputMeaning } from "@featuremap/layers";
import { InvalidConfigError, sizeOf } from "@featuremap/tensor";
import { type DeviceDescription, describeDevice } from "../../device/device-description.ts";
import { firstImages } from "./first-images.ts";
import { openBundle } from "../../models/open-bundle.ts";
import { predictOptions } from "../../options/commands/predict.ts";
import {
  type DecodedBatch,
  type FailedImage,
  type PredictedImage,
  classifyBatch,
  decodeBatch,
} from "./classify-batch.ts";
import { type PictureWords, findPictures } from "./pictures/find-pictures.ts";
import { oneAhead } from "./one-ahead.ts";
import { type NamedPicture, openBatches, pause } from "./open-batches.ts";
import { openPicture } from "../../pictures/open-picture.ts";
import { findArrayPreset } from "../../data/presets/find-preset.ts";

/** Image files, or the first test images of a dataset. */
export type PredictSource = PictureWords | { readonly dataset: string; readonly count: number };

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
  /** Ends it after the batch under way. */
  readonly signal?: AbortSignal | undefined;
  /** Asked after each batch; where it says no, the rest is left. */
  readonly isWanted?: () => boolean;
  /** Called for each image that is classified, in order, as soon as it is. */
  readonly onImage?: (image: PredictedImage) => void;
  /** Called for each image that cannot be classified, in the same order. */
  readonly onFailure?: (failure: FailedImage) => void;
  /** Called for each file of a folder whose name is not that of a picture, as soon as it is found. */
  readonly onSkipped?: (name: string) => void;
  /** Called after each batch, once what it gave has been told. */
  readonly onBatch?: (counts: PredictCounts) => Promise<void> | void;
}

/** What came of images. */
export interface PredictCounts {
  /** How many were classified. */
  readonly images: number;
  /** How many were not. */
  readonly failed: number;
  /** How many files of folders are not pictures. */
  readonly skipped: number;
  /** How many of a dataset's were classified right. */
  readonly right?: number;
}

/** What came of all images. */
export interface PredictResult extends PredictCounts {
  readonly device: DeviceDescription;
}

const usualTop = 3;

/**
 * Classifies images. One that cannot be classified is reported, and the others are classified all the same.
 *
 * A model that reads digits is given them as MNIST has them, as in the page. While a batch is classified, the next is read:
 * these two are in memory, whatever the number of images.
 *
 * @throws {InvalidConfigError} the dataset is unknown or has fewer images, there is no image to classify, or the model
 * has fewer labels than `top`.
 * @throws {UnavailableError} the bundle, the dataset or the device is not there.
 * @throws {FormatError} the bundle or the dataset is damaged.
 * @throws {AbortedError} the signal was raised.
 */
export async function predict(options: PredictOptions): Promise<PredictResult> {
  const { bundle: location, source, signal, batchSize: size = predictOptions.batchSize.default } = options;
  const counts = { images: 0, failed: 0, skipped: 0, right: 0 };
  const pictures =
    "dataset" in source
      ? await datasetImages(source.dataset, source.count)
      : fileImages(source, options, (name) => {
          counts.skipped++;
          options.onSkipped?.(name);
        });
  const { bundle, device, close } = await openBundle(location, options);
  try {
    const topK = checkTop(options.top, bundle.labels.length);
    // The same runtime as in a page; it shares the device that is open.
    const classifier = await loadClassifier(bundle, { device: device.name, outputs: options.outputs });
    const shown = (): PredictCounts => {
      const { right, ...rest } = counts;
      return "dataset" in source ? { ...rest, right } : rest;
    };
    for await (const batch of oneAhead(decodedBatches(classifier, openBatches(pictures, { size })))) {
      for (const answer of await classifyBatch(classifier, batch, topK)) {
        if ("error" in answer) {
          counts.failed++;
          options.onFailure?.(answer);
        } else {
          counts.images++;
          if (answer.label === answer.truth) counts.right++;
          options.onImage?.(answer);
        }
      }
      await options.onBatch?.(shown());
      throwIfAborted("predict", signal);
      if (options.isWanted?.() === false) break;
    }
    classifier.dispose();
    return { device: describeDevice(device), ...shown() };
  } finally {
    await close();
  }
}

async function* decodedBatches(
  classifier: Classifier,
  batches: ReturnType<typeof openBatches>,
): AsyncGenerator<DecodedBatch> {
  for await (const batch of batches) yield decodeBatch(classifier, batch);
}

function checkTop(top: number | undefined, labels: number): number {
  if (top === undefined) return Math.min(usualTop, labels);
  if (top <= labels) return top;
  throw new InvalidConfigError(
    "predict",
    "--top",
    `an integer in [1, ${labels}], the number of the model's labels`,
    top,
  );
}

async function* fileImages(
  where: PictureWords,
  { maxPixels }: Pick<PredictOptions, "maxPixels">,
  onSkipped: (name: string) => void,
): AsyncGenerator<NamedPicture | typeof pause> {
  const here = process.cwd();
  const { folder = here } = where;
  // Messages call a file what it was called.
  const locate = (name: string): string => (folder === here ? name : resolve(folder, name));
  for await (const found of findPictures(where)) {
    if (found.kind === "pause") yield pause;
    else if (found.kind === "foreign") onSkipped(found.name);
    else if (found.kind === "wrong") yield { image: found.name, open: () => Promise.reject(found.error) };
    else yield { image: found.name, open: () => openPicture(locate(found.name), { maxPixels }) };
  }
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
