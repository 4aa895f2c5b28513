import { randomFlipLeftRight, randomResizedCrop } from "@featuremap/images";
import { ofOtherRealm } from "@featuremap/testing/other-realm";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Dataset } from "../../pipeline/dataset.ts";
import { collect } from "../bytes/collect.ts";
import { ImageFiles } from "./image-files.ts";
import { png, testFolder } from "./test-folder.test-support.ts";
import { imageFolders } from "../folder/image-folders.ts";

/** Ten pictures of one pixel each, of the grey of their number; every third is of class 1. */
const files = new ImageFiles({
  paths: Array.from({ length: 10 }, (_, index) => `picture ${index}`),
  labels: Array.from({ length: 10 }, (_, index) => (index % 3 === 0 ? 1 : 0)),
  classNames: ["a", "b"],
  read: async (index) => ({ data: new Uint8Array(3).fill(index), width: 1, height: 1 }),
});

async function numbers(chosen: ImageFiles): Promise<number[]> {
  const batches = await collect(chosen.batch(4, { imageSize: 1 }).batches(0));
  return batches.flatMap(({ x }) => [...x.data].filter((_, index) => index % 3 === 0));
}

describe("ImageFiles", () => {
  test("are taken, skipped, filtered, mixed and selected, with what belongs to them", async () => {
    expect(await numbers(files.skip(2).take(3))).toEqual([2, 3, 4]);
    const ones = files.filter(({ label }) => label === 1);
    expect([await numbers(ones), [...(ones.labels ?? [])]]).toEqual([
      [0, 3, 6, 9],
      [1, 1, 1, 1],
    ]);
    expect(await numbers(files.select([7, 7, 1]))).toEqual([7, 7, 1]);
    const mixed = await numbers(files.shuffle({ seed: 1 }));
    expect(mixed).not.toEqual(mixed.toSorted((one, other) => one - other));
    expect(mixed.toSorted((one, other) => one - other)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("split in order, at random, and by class", async () => {
    const [first, second] = await files.split(0.3);
    expect([await numbers(first), await numbers(second)]).toEqual([
      [0, 1, 2],
      [3, 4, 5, 6, 7, 8, 9],
    ]);
    const [some, others] = await files.split(0.5, { seed: 3, stratify: true });
    expect(some.labels?.filter((label) => label === 1)).toHaveLength(2);
    expect([...(await numbers(some)), ...(await numbers(others))].toSorted((one, other) => one - other)).toEqual(
      await numbers(files),
    );
    expect(await files.split(0.5, { seed: 3 }).then(([each]) => each.filePaths)).not.toEqual(files.take(5).filePaths);
  });

  test("go through steps of a Dataset", async () => {
    expect(
      await collect(
        Dataset.from(files)
          .map(({ path }) => path)
          .take(2),
      ),
    ).toEqual(["picture 0", "picture 1"]);
    const examples = await collect(files.images({ imageSize: [2, 1] }));
    expect(examples).toHaveLength(10);
    expect(examples[3]).toEqual({
      path: "picture 3",
      label: 1,
      image: { data: new Uint8Array(6).fill(3), width: 1, height: 2 },
    });
    const batches = await collect(files.batch(4, { imageSize: 1 }).dataset().skip(2));
    expect(batches.map(({ size }) => size)).toEqual([2]);
  });
});

test("read may give bytes and pixels of another realm", async () => {
  const file = ofOtherRealm(new Uint8Array(png(1, 1, [9, 9, 9])));
  const given = [file, file.buffer, { data: ofOtherRealm(Uint8Array.of(9, 9, 9)), width: 1, height: 1 }];
  const read = async (index: number) => given[index] as Uint8Array;
  expect(await numbers(new ImageFiles({ paths: ["a", "b", "c"], read }))).toEqual([9, 9, 9]);
});

test.for([new Error("no answer"), "no answer", undefined])("what read throws names its file: %s", async (thrown) => {
  const broken = new ImageFiles({
    paths: ["a", "b"],
    read: async (index) => {
      if (index === 1) throw thrown;
      return { data: new Uint8Array(3), width: 1, height: 1 };
    },
  });
  const found = { code: "ELEMENT_FAILED", path: "b", cause: thrown, message: expect.stringContaining("(b): ") };
  await expect(collect(broken.batch(1, { imageSize: 1 }).batches(0))).rejects.toMatchObject(found);
  await expect(collect(broken.images({ imageSize: 1 }))).rejects.toMatchObject(found);
});

describe("augmentation", () => {
  test("depends on seed, epoch and file alone", async (context) => {
    const folder = await testFolder(context, {
      "a/1.png": png(8, 8, [9, 9, 9]),
      "a/2.png": png(8, 8, [7, 7, 7]),
      "b/3.png": png(6, 9, [5, 5, 5]),
    });
    const { train } = await imageFolders(folder);
    const noise = {
      ...randomFlipLeftRight(),
      name: "noise",
      apply: (
        image: { data: { length: number }; width: number; height: number },
        random: { integer(bound: number): number },
      ) => ({ ...image, data: new Uint8Array(image.data.length).map(() => random.integer(256)) }),
    };
    const read = async (size: number, epoch: number, shuffle: boolean): Promise<Map<number, string>> => {
      const batches = train.batch(size, { imageSize: 4, augment: [noise], seed: 1, shuffle });
      const order = batches.order(epoch);
      const pictures = (await collect(batches.batches(epoch))).flatMap(({ x, size: count }) =>
        Array.from({ length: count }, (_, index) => x.entry(index).data.join()),
      );
      return new Map(
        [...order]
          .map((place, index) => [place, pictures[index] ?? ""] as const)
          .toSorted(([one], [other]) => one - other),
      );
    };
    expect(await read(1, 5, true)).toEqual(await read(3, 5, false));
    expect(await read(1, 5, true)).not.toEqual(await read(1, 6, true));
  });

  test("may cut pictures of the right size itself", async (context) => {
    const folder = await testFolder(context, { "a/1.png": png(40, 20, [9, 99, 199]) });
    const { train } = await imageFolders(folder);
    const batches = train.batch(1, { imageSize: [6, 5], augment: [randomResizedCrop([6, 5])], seed: 1 });
    const [batch] = await collect(batches.batches(0));
    expect(batch?.x.shape).toEqual([1, 6, 5, 3]);
    expect(new Set(batch?.x.data)).toEqual(new Set([9, 99, 199]));
    expect(train.filePaths).toEqual([join(folder, "a", "1.png")]);
  });
});
