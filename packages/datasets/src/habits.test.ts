import { type ImageOperation, randomFlipLeftRight } from "@featuremap/images";
import { FeaturemapError } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { countingDataset } from "./sources/arrays/counting-dataset.test-support.ts";
import { ImageFiles } from "./index.ts";
import { collect } from "./sources/bytes/collect.ts";

const four = countingDataset(4);
const files = new ImageFiles({
  paths: ["a", "b"],
  labels: [0, 1],
  classNames: ["x", "y"],
  read: async () => ({ data: new Uint8Array(3), width: 1, height: 1 }),
});

/** Steps as plain JavaScript writes them, without types. */
const steps = (...given: readonly unknown[]): never[] => given as never[];

const nothing: unknown = { name: "nothing", arguments: [], apply: () => undefined };
const tooFew: ImageOperation = {
  name: "few",
  arguments: [],
  apply: () => ({ data: new Uint8Array(5), width: 2, height: 2 }),
};

describe("a step of augment that gives no picture is named by its place, with what it gave:", () => {
  test.for([
    [
      "a factory that was not called",
      function own() {
        return () => {};
      },
      /augment\[1\] must .*own\(\).*received a function/,
    ],
    ["a function that gives nothing", () => {}, /augment\[1\] must .*received undefined/],
    ["a function that gives a promise", async () => {}, /augment\[1\] must .*received Promise/],
    ["an operation that gives nothing", nothing, /augment\[1\] must .*received undefined/],
    ["an operation whose pixels do not fill it", tooFew, /augment\[1\] must .*received 5 bytes of 2 x 2/],
  ] as const)("ImageDataset.batch with %s", ([, step, message]) => {
    const batches = four.batch(2, { augment: steps(randomFlipLeftRight(), step) });
    const read = (): unknown => [...batches.batches(0)];
    expect(read).toThrow(FeaturemapError);
    expect(read).toThrow(message);
  });

  test.for([
    ["an operation that gives nothing", nothing, /augment\[1\] must .*received undefined/],
    ["an operation whose pixels do not fill it", tooFew, /augment\[1\] must .*received 5 bytes of 2 x 2/],
  ] as const)("ImageFiles.batch with %s", async ([, step, message]) => {
    const batches = files.batch(2, { imageSize: 1, workers: 0, augment: steps(randomFlipLeftRight(), step) });
    await expect(collect(batches.batches(0))).rejects.toThrow(message);
  });

  test("ImageFiles.batch with functions, before anything is read", () => {
    for (const step of [randomFlipLeftRight, () => {}]) {
      const make = (): unknown => files.batch(2, { augment: steps(randomFlipLeftRight(), step) });
      expect(make).toThrow(
        /^ImageFiles.batch: augment\[1\] must be an operation, such as randomFlipLeftRight\(\) .*received (a )?function/,
      );
    }
  });

  test("ImageDataset.batch with an operation's maker, before anything is read", () => {
    expect(() => four.batch(2, { augment: steps(randomFlipLeftRight) })).toThrow(
      /^ImageDataset.batch: augment\[0\] must be .*randomFlipLeftRight\(\).*received function/,
    );
  });

  test("ImageDataset.batch with what is not a step, before anything is read", () => {
    const make = (): unknown => four.batch(2, { augment: steps(randomFlipLeftRight(), "flip") });
    expect(make).toThrow(/^ImageDataset.batch: augment\[1\] must be .*received "flip"/);
  });
});

test("batches of a data set are those of its first epoch in for...of", () => {
  const batches = four.batch(2, { seed: 3 });
  expect([...batches]).toEqual([...batches.batches(0)]);
  expect([...batches]).toHaveLength(2);
});

test.for([
  ["map", "train.batch(batchSize, { augment: [...] })"],
  ["cache", "are already decoded in memory"],
  ["prefetch", "are already decoded in memory"],
  ["repeat", "trainer.fit(data, { epochs })"],
] as const)("%s of tf.data tells what to write", ([name, remedy]) => {
  const call = (): unknown => (four as unknown as Record<string, () => unknown>)[name]?.();
  expect(call).toThrow(expect.objectContaining({ code: "UNAVAILABLE", message: expect.stringContaining(remedy) }));
  expect(call).toThrow(`ImageDataset: ${name} is not a method here.`);
});
