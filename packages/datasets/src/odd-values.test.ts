import { plainPreprocessing } from "@featuremap/images";
import { HostArray, describeValue } from "@featuremap/tensor";
import { expectOwnErrors, oddValues } from "@featuremap/testing/odd-values";
import { describe, expect, test } from "vitest";
import * as datasets from "./index.ts";

const contents = {
  images: new HostArray(new Uint8Array(4), [1, 2, 2, 1]),
  labels: [0],
  classNames: ["a"],
  preprocessing: plainPreprocessing([2, 2], "grayscale"),
};
const dataset = new datasets.ImageDataset(contents);

const pixels = { data: new Uint8Array(3), width: 1, height: 1 };
const four = datasets.Dataset.from([0, 1, 2, 3]);
const pictures = datasets.Dataset.from([{ image: pixels }]);
const elements = { name: "none", size: 0, open: () => four.iterate() };

async function read(given: datasets.Dataset<unknown>): Promise<void> {
  const iterator = given.iterate();
  for (let count = 0; count < 10; count++) await iterator.next();
}

const files = new datasets.ImageFiles({ paths: ["a", "b"], labels: [0, 1], classNames: ["x", "y"], read: onePixel });

async function onePixel(): Promise<{ data: Uint8Array; width: number; height: number }> {
  return { data: new Uint8Array(3), width: 1, height: 1 };
}

/** Calls that work; one argument after the other is replaced by something odd. */
const calls: Readonly<Record<string, readonly [(...given: never[]) => unknown, ...unknown[]]>> = {
  carBrands: [datasets.carBrands, { seed: 1, train: 2, test: 2 }],
  Dataset: [(given: typeof elements) => new datasets.Dataset(given as never), elements],
  DatasetIterator: [
    (options: object) => new datasets.DatasetIterator(elements as never, options).next(),
    { epoch: 0, position: { epoch: 0, steps: "none", state: 0 }, signal: new AbortController().signal },
  ],
  "Dataset.from": [
    (source: number[], options: object) => read(datasets.Dataset.from(source, options)),
    [0],
    { size: 1 },
  ],
  "Dataset.zip": [(given: typeof four) => read(datasets.Dataset.zip(given)), four],
  "Dataset.interleave": [
    (given: (typeof four)[], options: object) => read(datasets.Dataset.interleave(given, options)),
    [four],
    { blockLength: 1, cycleLength: 1 },
  ],
  datasetHealth: [datasets.datasetHealth, [{ image: pixels, label: 0 }], { classNames: ["a"], probabilities: [[1]] }],
  labelSuspects: [datasets.labelSuspects, [0], [[1]]],
  decodeOnce: [
    datasets.decodeOnce,
    pictures,
    new datasets.ImageWorkers({ workers: 0 }),
    { directory: "nowhere", memory: 1, decode: {}, operations: [], size: [1, 1] },
  ],
  ElementError: [construct(datasets.ElementError), "step", 0, "path", new Error("x")],
  ImageBatches: [construct(datasets.ImageBatches), dataset, 1, {}],
  ImageDataset: [construct(datasets.ImageDataset), contents],
  ImageWorkers: [construct(datasets.ImageWorkers), { workers: 0 }],
  "ImageWorkers load": [
    (recipe: object) =>
      read(datasets.Dataset.from([{ image: pixels }]).map(new datasets.ImageWorkers({ workers: 0 }).load(recipe))),
    { decode: {}, operations: [], size: [1, 1] },
  ],
  "ImageWorkers read": [
    (given: object) => read(datasets.Dataset.from([given]).map(new datasets.ImageWorkers({ workers: 0 }).load())),
    { image: pixels, path: "nowhere" },
  ],
  ImageFiles: [
    construct(datasets.ImageFiles),
    { paths: ["a"], labels: [0], classNames: ["x"], read: onePixel, skipped: [], damagedShare: 0.1 },
  ],
  celebA: [
    datasets.celebA,
    { directory: "nowhere", attribute: "Smiling", imageDirectory: "nowhere", damagedShare: 0.1 },
  ],
  cifar10: [(options: object) => datasets.cifar10({ ...options, directory: "nowhere" }), { cacheDirectory: "nowhere" }],
  cifar100: [
    (options: object) => datasets.cifar100({ ...options, directory: "nowhere" }),
    { cacheDirectory: "nowhere", labelMode: "fine" },
  ],
  fashionMnist: [
    (options: object) => datasets.fashionMnist({ ...options, directory: "nowhere" }),
    { cacheDirectory: "nowhere" },
  ],
  flowers: [(options: object) => datasets.flowers({ ...options, archive: "nowhere" }), { cacheDirectory: "nowhere" }],
  imageDatasetFromNpz: [datasets.imageDatasetFromNpz, "nowhere", { classNames: ["a"] }],
  imageFilesFromArchive: [
    datasets.imageFilesFromArchive,
    new Blob(["x"]),
    { classOf: String, classNames: ["a"], extensions: [".png"], damagedShare: 0.1 },
  ],
  imageFilesFromSelection: [datasets.imageFilesFromSelection, [new File([], "a/b.png")], { classOf: () => "a" }],
  imageFilesFromShards: [datasets.imageFilesFromShards, [new Blob(["x"])], { label: "cls", labelField: "a" }],
  imageFilesFromTfRecords: [
    datasets.imageFilesFromTfRecords,
    [new Blob([])],
    { imageFeature: "a", labelFeature: "b", classNames: ["c"] },
  ],
  imageDatasetFromDirectory: [
    datasets.imageDatasetFromDirectory,
    "nowhere",
    { labels: [1], labelMode: "int", classNames: ["a"], batchSize: 1, seed: 1, validationSplit: 0.5, subset: "both" },
  ],
  imageFilesByName: [datasets.imageFilesByName, "nowhere", { classOf: /(a)/, classNames: ["a"], extensions: [".png"] }],
  imagePartsFromTable: [datasets.imagePartsFromTable, "nowhere", { pathColumn: "a", directory: "b", partColumn: "c" }],
  imageFilesFromTable: [datasets.imageFilesFromTable, "nowhere", { pathColumn: "a", directory: "b", separator: "," }],
  imageFolders: [datasets.imageFolders, "nowhere", { classNames: ["a"], followLinks: true, damagedShare: 0.1 }],
  mnist: [datasets.mnist, { directory: "nowhere", limits: {} }],
  mixBatches: [
    (source: datasets.ImageBatches, options: datasets.MixOptions) => [
      ...(datasets.mixBatches(source, options).batches(0) as Iterable<unknown>),
    ],
    dataset.batch(1),
    { mixUp: 1, cutMix: 1, classCount: 1, dataFormat: "channelsLast", seed: 1 },
  ],
  oneHot: [datasets.oneHot, [1], 2],
  parseIdx: [datasets.parseIdx, new Uint8Array([0, 0, 8, 1, 0, 0, 0, 1, 7]), "file"],
  "Dataset balance": [four.balance.bind(four), { by: String, seed: 1, size: 4 }],
  // not read: "x" is a folder that would be made
  "Dataset cache": [four.cache.bind(four), { directory: "nowhere", key: "", memory: 1 }],
  "Dataset skipDamaged": [
    (options: object) => read(four.skipDamaged(options)),
    { maxDamagedShare: 0.1, onSkip: String },
  ],
  "Dataset batch": [(size: number, options: object) => read(four.batch(size, options)), 2, { dropRemainder: true }],
  "Dataset classWeights": [four.classWeights.bind(four), String],
  "Dataset concatenate": [(other: typeof four) => read(four.concatenate(other)), four],
  "Dataset filter": [(isKept: () => boolean) => read(four.filter(isKept)), () => true],
  "Dataset iterate": [
    (options: object) => four.iterate(options).next(),
    { epoch: 0, position: four.iterate().save(), signal: new AbortController().signal },
  ],
  "Dataset map": [
    (change: () => number, options: object) => read(four.map(change, options)),
    () => 1,
    { seed: 1, concurrency: 2 },
  ],
  "Dataset prefetch": [(count: number) => read(four.prefetch(count)), 2],
  "Dataset repeat": [(times: number) => read(four.repeat(times).take(8)), 2],
  "Dataset shard": [(rank: number, ranks: number) => read(four.shard(rank, ranks)), 0, 2],
  "Dataset shuffle": [(options: { seed: number }) => read(four.shuffle(options)), { seed: 1, buffer: 2 }],
  "Dataset skip": [(count: number) => read(four.skip(count)), 2],
  "Dataset split": [four.split.bind(four), 0.5, { seed: 1, by: String }],
  "Dataset take": [(count: number) => read(four.take(count)), 2],
  "Dataset unbatch": [(element: number[]) => read(datasets.Dataset.from([element]).unbatch()), [1]],
  "at of ImageFiles": [files.at.bind(files), 0],
  "batch of ImageFiles": [
    (size: number, options: object) => files.batch(size, options).at(0),
    1,
    { imageSize: 2, colorMode: "rgb", interpolation: "nearest", augment: [], seed: 1, scale: 1, labelMode: "int" },
  ],
  "filter of ImageFiles": [files.filter.bind(files), () => true],
  "select of ImageFiles": [files.select.bind(files), [0]],
  "shuffle of ImageFiles": [files.shuffle.bind(files), { seed: 1 }],
  "skip of ImageFiles": [files.skip.bind(files), 1],
  "split of ImageFiles": [files.split.bind(files), 0.5, { seed: 1, stratify: false, keepTogether: () => [0, 1] }],
  "take of ImageFiles": [files.take.bind(files), 1],
  "batch of an ImageDataset": [dataset.batch.bind(dataset), 1, { seed: 1 }],
  "order of ImageBatches": [(epoch: number) => dataset.batch(1).order(epoch), 0],
  "shuffle of an ImageDataset": [dataset.shuffle.bind(dataset), { seed: 1 }],
  "split of an ImageDataset": [datasets.carBrands({ seed: 1 }).train.split.bind(dataset), 0.5, { seed: 1 }],
  "take of an ImageDataset": [dataset.take.bind(dataset), 1],
};

function construct<Given extends unknown[]>(of: new (...given: Given) => unknown): (...given: Given) => unknown {
  return (...given) => new of(...given);
}

describe("odd values", () => {
  test("every export has its line here", () => {
    expect(Object.keys(datasets).filter((name) => !Object.hasOwn(calls, name))).toEqual([]);
  });

  test.for(Object.entries(calls))("%s", async ([name, [call, ...parameters]]) => {
    for (const index of parameters.keys()) {
      for (const odd of oddValues) {
        const replaced = parameters.map((parameter, place) => (place === index ? odd : parameter));
        const what = `${name}, argument ${index} ${describeValue(odd)}`;
        await expectOwnErrors(what, () => call(...(replaced as never[])));
      }
      const given = parameters[index];
      if (typeof given !== "object" || given === null || Object.getPrototypeOf(given) !== Object.prototype) continue;
      for (const option of Object.keys(given)) {
        for (const odd of oddValues) {
          const replaced = parameters.map((parameter, place) =>
            place === index ? { ...given, [option]: odd } : parameter,
          );
          const what = `${name}, ${option} ${describeValue(odd)}`;
          await expectOwnErrors(what, () => call(...(replaced as never[])));
        }
      }
    }
  });
});
