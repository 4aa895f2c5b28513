import { plainPreprocessing } from "@featuremap/images";
import { HostArray, RandomStream, describeValue } from "@featuremap/tensor";
import { expectOwnErrors, oddValues } from "@featuremap/testing/odd-values";
import { describe, expect, test } from "vitest";
import * as datasets from "./index.ts";

const image = new HostArray(new Uint8Array(12), [2, 2, 3]);
const contents = {
  images: new HostArray(new Uint8Array(4), [1, 2, 2, 1]),
  labels: [0],
  classNames: ["a"],
  preprocessing: plainPreprocessing([2, 2], "grayscale"),
};
const dataset = new datasets.ImageDataset(contents);
const random = new RandomStream(1);

/** Calls that work; one argument after the other is replaced by something odd. */
const calls: Readonly<Record<string, readonly [(...given: never[]) => unknown, ...unknown[]]>> = {
  adjustBrightness: [datasets.adjustBrightness, image, 0.1],
  adjustContrast: [datasets.adjustContrast, image, 0.1],
  carBrands: [datasets.carBrands, { seed: 1, train: 2, test: 2 }],
  centralCrop: [datasets.centralCrop, image, 0.5],
  cropToBoundingBox: [datasets.cropToBoundingBox, image, 0, 0, 1, 1],
  flipLeftRight: [datasets.flipLeftRight, image],
  ImageBatches: [construct(datasets.ImageBatches), dataset, 1, {}],
  ImageDataset: [construct(datasets.ImageDataset), contents],
  mnist: [datasets.mnist, { directory: "nowhere", limits: {} }],
  oneHot: [datasets.oneHot, [1], 2],
  parseIdx: [datasets.parseIdx, new Uint8Array([0, 0, 8, 1, 0, 0, 0, 1, 7]), "file"],
  randomBrightness: [datasets.randomBrightness, 0.1],
  randomContrast: [datasets.randomContrast, 0.5, 1.5],
  randomCrop: [datasets.randomCrop, 1, 1],
  randomFlipLeftRight: [datasets.randomFlipLeftRight],
  "a random crop": [(given: typeof image) => datasets.randomCrop(1, 1)(given, random), image],
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
