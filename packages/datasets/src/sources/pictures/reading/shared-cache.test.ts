import { randomFlipLeftRight } from "@featuremap/images";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { collect } from "../../bytes/collect.ts";
import { imageFolders } from "../../folder/image-folders.ts";
import { ImageFiles } from "../image-files.ts";
import type { ImageFileBatchOptions } from "../batches/image-file-batch-options.ts";
import { png, testFolder } from "../test-folder.test-support.ts";

const broken = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);

/** Ten pictures in two parts. */
const parts = Object.fromEntries(
  ["train", "val"].flatMap((part) =>
    Array.from({ length: 5 }, (_, index) => [`${part}/a/${index}.png`, png(4, 4, [index, 0, 0])] as const),
  ),
);

describe("a folder for decoded pictures", () => {
  test("is shared by parts and by sizes", async (context) => {
    const folder = await testFolder(context, parts);
    const cache = join(folder, "decoded");
    const read = async () => {
      const { train, validation } = await imageFolders(folder);
      const found: unknown[] = [];
      for (const imageSize of [4, 2]) {
        for (const files of [train, validation ?? train]) {
          found.push(...(await collect(files.batch(5, { imageSize, cache }).batches(0))));
        }
      }
      return found;
    };
    const expected = await read();
    const kept = (await readdir(cache, { recursive: true })).toSorted();
    expect(kept.filter((name) => name.endsWith(".pack"))).toHaveLength(4);
    expect(await read()).toEqual(expected);
    // Packs made anew have names of their own.
    expect((await readdir(cache, { recursive: true })).toSorted()).toEqual(kept);
    expect(await readdir(cache)).toHaveLength(4);
  });

  test.for([true, "decoded"])("is refused for pictures that a function reads: %s", (cache) => {
    const image = { data: new Uint8Array(3), width: 1, height: 1 };
    const files = new ImageFiles({ paths: ["one"], read: async () => image });
    expect(() => files.batch(1, { cache })).toThrow(/cache must be left out or false.*, received/);
  });
});

describe("damaged files", () => {
  test("count as a share of all files, whichever part they are in", async (context) => {
    const pictures = Array.from({ length: 39 }, (_, index) => [`a/${index}.png`, png(2, 2, [9, 9, 9])] as const);
    const folder = await testFolder(context, { ...Object.fromEntries(pictures), "a/zz.png": broken });
    const { train } = await imageFolders(folder);
    const options: ImageFileBatchOptions = { imageSize: 2 };
    const validation = train.skip(36);
    expect((await collect(validation.batch(4, options).batches(0))).map(({ size }) => size)).toEqual([3]);
    expect(validation.skipped).toHaveLength(1);
  });
});

test("operations without their parentheses are told from operations", () => {
  const image = { data: new Uint8Array(3), width: 1, height: 1 };
  const files = new ImageFiles({ paths: ["one"], read: async () => image });
  expect(() => files.batch(1, { augment: [randomFlipLeftRight as never] })).toThrow(
    /augment\[0\] must be an operation/,
  );
});
