import { existsSync } from "node:fs";
import { basename, extname } from "node:path";
import { type Pixels, preprocessPixels } from "@featuremap/images";
import type { Classifier, Prediction } from "@featuremap/inference";
import { HostArray, InvalidConfigError, sizeOf } from "@featuremap/tensor";
import { openPicture } from "../../pictures/open-picture.ts";
import { pixelsFor } from "../../pictures/pixels-for.ts";
import { findArrayPreset, presetNames } from "../../data/presets/find-preset.ts";
import { asInputOf } from "../../pictures/model-inputs.ts";
import { folderName } from "../../run/run-names.ts";
import { pixelsOfInput } from "../../pictures/pixels-of-input.ts";

/** A picture that a network is looked at with. */
export interface Example {
  /** The file, or "mnist:0". */
  readonly image: string;
  /** For files that tell of it: "cat" of "photos/cat.jpg". */
  readonly stem: string;
  /** In the network's size. */
  readonly seen: Pixels;
  /** A batch of one. */
  readonly input: HostArray<Float32Array>;
  /** The most probable classes. */
  readonly predictions: readonly Prediction[];
}

/** Where pictures are looked for, and which are taken. */
export interface ExampleOptions {
  /** Of an image file. */
  readonly maxPixels?: number | undefined;
  /** Where a data set with a name lies. */
  readonly dataFolder?: string | undefined;
}

/** Classes that are told. */
const mostPredictions = 3;

/**
 * Opens a picture as `predict` does, and asks the network what it is.
 *
 * @param image a file, or a data set and which of its test images: "mnist:0"
 * @throws {UnavailableError} there is no such file or data set.
 * @throws {FormatError} it is damaged, or no picture.
 * @throws {InvalidConfigError} the data set has no such image.
 * @throws {NonFiniteError} the network gives NaN or infinity for it.
 */
export async function openExample(image: string, classifier: Classifier, options: ExampleOptions): Promise<Example> {
  const { model, preprocessing } = classifier;
  const pixels = await openPixels(image, classifier, options);
  const [answer] = await classifier.classifyBatch([pixels], {
    topK: Math.min(mostPredictions, classifier.labels.length),
  });
  const values = preprocessPixels(pixels, preprocessing);
  return {
    image,
    stem: folderName(basename(image, extname(image))),
    seen: pixelsOfInput(values, preprocessing),
    input: asInputOf(model, new HostArray(values.data, [1, ...values.shape])),
    predictions: answer?.predictions ?? [],
  };
}

async function openPixels(image: string, classifier: Classifier, options: ExampleOptions): Promise<Pixels> {
  const [, dataset = "", place = ""] = /^([\w-]+):(\d+)$/.exec(image) ?? [];
  if (presetNames.includes(dataset) && !existsSync(image)) return testImage(dataset, Number(place), options);
  return pixelsFor(classifier, await openPicture(image, options), { isOfDataset: false });
}

async function testImage(dataset: string, place: number, { dataFolder }: ExampleOptions): Promise<Pixels> {
  const { images } = (await findArrayPreset("inspect", dataset).load({ dataFolder })).test;
  const [count = 0, height = 0, width = 0] = images.shape;
  if (place >= count) {
    throw new InvalidConfigError("inspect", "image", `${dataset}:0 to ${dataset}:${count - 1}`, `${dataset}:${place}`);
  }
  const length = sizeOf(images.shape.slice(1));
  return { data: images.data.subarray(place * length, (place + 1) * length), width, height };
}
