import * as images from "@featuremap/images";
import { plainPreprocessing, preprocessPixels } from "@featuremap/images";
import { HostArray, RandomStream } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { ImageDataset } from "../image-dataset.ts";
import { adjustBrightness, adjustContrast } from "./adjust.ts";
import { flipLeftRight } from "./flip.ts";
import {
  type Augmentation,
  randomBrightness,
  randomContrast,
  randomCrop,
  randomFlipLeftRight,
} from "./random-augmentations.ts";

const side = 6;
const count = 20;

/** Images of which no two are alike, nor any its own mirror image. */
const pixels = new RandomStream(1);
const dataset = new ImageDataset({
  images: new HostArray(
    new Uint8Array(count * side * side * 3).map(() => pixels.integer(256)),
    [count, side, side, 3],
  ),
  labels: new HostArray(
    Int32Array.from({ length: count }, (_, index) => index),
    [count],
  ),
  classNames: Array.from({ length: count }, (_, index) => `class ${index}`),
  preprocessing: plainPreprocessing([side, side], "rgb"),
});
const image = dataset.images.entry(0);

/** What became of every image in one epoch, by its label. */
function epochOf(epoch: number, augment: readonly Augmentation[], seed = 1, batchSize = 8): Map<number, number[]> {
  const seen = new Map<number, number[]>();
  for (const { x, y } of dataset.batch(batchSize, { seed, augment }).batches(epoch)) {
    y.data.forEach((label, index) => seen.set(label, [...x.entry(index).data]));
  }
  return seen;
}

describe("a random flip", () => {
  test("leaves about half the images as they are, and mirrors the others", () => {
    const random = new RandomStream(3);
    const flipped = flipLeftRight(image);
    const outputs = Array.from({ length: 400 }, () => randomFlipLeftRight()(image, random));
    const mirrored = outputs.filter((output) => output !== image);
    for (const output of mirrored) expect(output).toEqual(flipped);
    // Four standard deviations.
    expect(Math.abs(mirrored.length - 200)).toBeLessThan(40);
  });
});

test("random brightness and contrast are the plain ones, with the number drawn", () => {
  expect(randomBrightness(0.3)(image, new RandomStream(5))).toEqual(
    adjustBrightness(image, new RandomStream(5).uniform(-0.3, 0.3)),
  );
  expect(randomContrast(0.5, 2)(image, new RandomStream(5))).toEqual(
    adjustContrast(image, new RandomStream(5).uniform(0.5, 2)),
  );
});

test("a random crop reaches every place and nothing else", () => {
  const places = new HostArray(
    Uint8Array.from({ length: 12 }, (_, index) => index),
    [3, 4, 1],
  );
  const random = new RandomStream(7);
  const crops = new Set(Array.from({ length: 200 }, () => randomCrop(2, 3)(places, random).data.join(" ")));
  expect([...crops].toSorted()).toEqual(["0 1 2 4 5 6", "1 2 3 5 6 7", "4 5 6 8 9 10", "5 6 7 9 10 11"]);
});

describe("batches", () => {
  const steps = [randomFlipLeftRight(), randomContrast(0.5, 2), randomBrightness(0.2)];

  test("show every image changed, and another way in the next epoch", () => {
    const [first, second] = [epochOf(0, steps), epochOf(1, steps)];
    for (let label = 0; label < count; label++) {
      expect(first.get(label)).not.toEqual([...dataset.images.entry(label).data]);
      expect(second.get(label)).not.toEqual(first.get(label));
    }
  });

  test("repeat an epoch from seed and number alone, whatever the batch size", () => {
    expect(epochOf(4, steps)).toEqual(epochOf(4, steps));
    expect(epochOf(4, steps, 1, 3)).toEqual(epochOf(4, steps));
    expect(epochOf(4, steps, 2)).not.toEqual(epochOf(4, steps));
  });

  test("keep the order that they have without augmentation", () => {
    const plain = dataset.batch(8, { seed: 1 });
    expect(dataset.batch(8, { seed: 1, augment: steps }).order(3)).toEqual(plain.order(3));
    const inOrder = dataset.batch(8, { shuffle: false, seed: 1, augment: steps });
    expect([...inOrder.order(0)]).toEqual([...dataset.labels.data]);
  });

  test("draw a seed where none is given, and tell it", () => {
    const source = dataset.batch(8, { augment: steps });
    expect(source.seed).toBeTypeOf("number");
    expect([...source.order(0)]).toEqual([...dataset.labels.data]);
    expect([...source.batches(0)]).toEqual([...source.batches(0)]);
    expect(dataset.batch(8, { augment: [] }).seed).toBeUndefined();
  });

  test("leave the data set as it is", () => {
    const before = [...dataset.images.data];
    epochOf(0, steps);
    expect([...dataset.images.data]).toEqual(before);
  });

  test("apply steps in order, then the preprocessing", () => {
    const scaled = dataset.withPreprocessing(plainPreprocessing([side, side], "rgb", 1 / 255));
    const augment: Augmentation[] = [
      (before) => adjustBrightness(before, 0.5),
      (before) => adjustContrast(before, 0.5),
    ];
    const [batch] = scaled.batch(1, { augment }).batches(0);
    const expected = adjustContrast(adjustBrightness(image, 0.5), 0.5);
    expect([...(batch?.x.data ?? [])]).toEqual([...expected.data].map((byte) => Math.fround(byte / 255)));
  });

  test("bring crops to the model's size", () => {
    const crop: Augmentation = (before, random) => randomCrop(4, 4)(before, random);
    const [batch] = dataset.batch(1, { seed: 1, shuffle: false, augment: [crop] }).batches(2);
    expect(batch?.x.shape).toEqual([1, side, side, 3]);
    const candidates = Array.from({ length: 9 }, (_, place) => {
      const [top, left] = [Math.floor(place / 3), place % 3];
      const data = new Uint8Array(48).map((_unused, at) =>
        image.at(top + Math.floor(at / 12), left + (Math.floor(at / 3) % 4), at % 3),
      );
      return [...preprocessPixels({ data, width: 4, height: 4 }, dataset.preprocessing).data];
    });
    expect(candidates).toContainEqual([...(batch?.x.data ?? [])]);
  });

  test("may be operations of @featuremap/images, among others", () => {
    const flip = images.randomFlipLeftRight();
    const both = dataset.batch(8, {
      seed: 1,
      augment: [flip, images.randomResizedCrop([4, 5]), steps[0] as Augmentation],
    });
    expect([...both.batches(0)]).toEqual([...both.batches(0)]);
    expect([...both.batches(0)][0]?.x.shape).toEqual([8, side, side, 3]);
    const [operated] = dataset.batch(dataset.size, { seed: 1, augment: [flip] }).batches(3);
    const [own] = dataset.batch(dataset.size, { seed: 1, augment: [randomFlipLeftRight()] }).batches(3);
    expect(operated).toEqual(own);
    expect(() => dataset.batch(4, { augment: [{ name: "flip" } as never] })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "augment[0]" }) as Error,
    );
  });

  test("refuse an augmentation that changes the channels", () => {
    const grey: Augmentation = (before) => new HostArray(before.data.slice(0, side * side), [side, side, 1]);
    expect(() => [...dataset.batch(4, { augment: [grey] }).batches(0)]).toThrow(
      "augment: result must be (height, width, 3), as the images, received (6, 6, 1).",
    );
  });
});

describe("what does not fit", () => {
  test.for<[string, () => Augmentation]>([
    ["maxDelta", () => randomBrightness(-0.1)],
    ["lower", () => randomContrast(-1, 2)],
    ["upper", () => randomContrast(1, 1)],
    ["upper", () => randomContrast(1, Infinity)],
    ["targetHeight", () => randomCrop(0, 1)],
    ["targetWidth", () => randomCrop(1, 1.5)],
  ])("refuses a wrong %s", ([option, make]) => {
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG", option }) as Error);
  });

  test("refuses a crop that is larger than the image", () => {
    expect(() => randomCrop(6, 7)(image, new RandomStream(1))).toThrow(
      "randomCrop: targetWidth must be at most 6, as the image, received 7.",
    );
  });
});

test("a function without its parentheses is told from the one that it makes", () => {
  const forgotten: unknown = randomFlipLeftRight;
  const batches = dataset.batch(4, { seed: 1, augment: [forgotten as Augmentation] });
  expect(() => [...batches.batches(0)]).toThrow(
    /ImageDataset.batch: augment\[0\] must be a function that gives an image/,
  );
});
