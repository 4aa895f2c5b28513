import {
  type ImageOperation,
  adjustBrightness,
  adjustContrast,
  cropToBoundingBox,
  plainPreprocessing,
  preprocessPixels,
  randomBrightness,
  randomContrast,
  randomCrop,
  randomFlipLeftRight,
  randomResizedCrop,
} from "@featuremap/images";
import { HostArray, RandomStream } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import type { Augmentation } from "./augmentation.ts";
import type { BatchOptions } from "./image-batches.ts";
import { ImageDataset } from "./image-dataset.ts";

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
function epochOf(epoch: number, augment: BatchOptions["augment"] & {}, seed = 1, batchSize = 8): Map<number, number[]> {
  const seen = new Map<number, number[]>();
  for (const { x, y } of dataset.batch(batchSize, { seed, augment }).batches(epoch)) {
    y.data.forEach((label, index) => seen.set(label, [...x.entry(index).data]));
  }
  return seen;
}

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

  test("leave it so where steps write to what they are given", () => {
    const before = [...dataset.images.data];
    const black = <Part extends { readonly data: Uint8Array | Uint8ClampedArray }>(given: Part): Part => {
      given.data.fill(0);
      return given;
    };
    // A step that changes nothing hands on what it was given.
    const same: ImageOperation = { name: "same", arguments: [], apply: (given) => given };
    const operation: ImageOperation = { name: "black", arguments: [], apply: black };
    for (const augment of [[black], [operation], [same, black], [randomFlipLeftRight(0), operation]]) {
      const [batch] = dataset.batch(count, { seed: 1, augment }).batches(0);
      expect(new Set(batch?.x.data)).toEqual(new Set([0]));
    }
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
    const own: Augmentation = (before, random) =>
      cropToBoundingBox(before, random.integer(side - 3), random.integer(side - 3), 4, 4);
    const [batch] = dataset.batch(1, { seed: 1, shuffle: false, augment: [randomCrop(4, 4)] }).batches(2);
    expect(batch?.x.shape).toEqual([1, side, side, 3]);
    expect([...dataset.batch(1, { seed: 1, shuffle: false, augment: [own] }).batches(2)][0]).toEqual(batch);
    const candidates = Array.from({ length: 9 }, (_, place) => {
      const [top, left] = [Math.floor(place / 3), place % 3];
      const data = new Uint8Array(48).map((_unused, at) =>
        image.at(top + Math.floor(at / 12), left + (Math.floor(at / 3) % 4), at % 3),
      );
      return [...preprocessPixels({ data, width: 4, height: 4 }, dataset.preprocessing).data];
    });
    expect(candidates).toContainEqual([...(batch?.x.data ?? [])]);
  });

  test("take operations and functions one after the other", () => {
    const brighter: Augmentation = (before) => adjustBrightness(before, 0.2);
    const both = dataset.batch(8, { seed: 1, augment: [randomFlipLeftRight(), randomResizedCrop([4, 5]), brighter] });
    expect([...both.batches(0)]).toEqual([...both.batches(0)]);
    expect([...both.batches(0)][0]?.x.shape).toEqual([8, side, side, 3]);
  });

  test("refuse what is not a step, or gives no image", () => {
    expect(() => dataset.batch(4, { augment: [{ name: "flip" } as never] })).toThrow(
      expect.objectContaining({ code: "INVALID_CONFIG", option: "augment[0]" }) as Error,
    );
    expect(() => dataset.batch(4, { augment: [randomFlipLeftRight as never] })).toThrow(
      /augment\[0\] must be .*; call it: randomFlipLeftRight\(\), received/,
    );
    const maker: unknown = function brighter(delta: number): Augmentation {
      return (before) => adjustBrightness(before, delta);
    };
    const batches = dataset.batch(4, { seed: 1, augment: [maker as Augmentation] });
    expect(() => [...batches.batches(0)]).toThrow(
      /ImageDataset.batch: augment\[0\] must be a function that returns an image.*brighter\(\), received/,
    );
  });

  test("refuse an augmentation that changes the channels", () => {
    const grey: Augmentation = (before) => new HostArray(before.data.slice(0, side * side), [side, side, 1]);
    expect(() => [...dataset.batch(4, { augment: [grey] }).batches(0)]).toThrow(
      "augment: result must be (height, width, 3), as the images, received (6, 6, 1).",
    );
  });
});
