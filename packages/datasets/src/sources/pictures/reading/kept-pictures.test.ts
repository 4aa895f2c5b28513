import { readFile, readdir, rename, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Pixels, randomFlipLeftRight } from "@featuremap/images";
import { FeaturemapError, UnavailableError } from "@featuremap/tensor";
import { describe, expect, test, vi } from "vitest";
import { collect } from "../../bytes/collect.ts";
import { imageFolders } from "../../folder/image-folders.ts";
import { decodedPictures } from "./decoded-pictures.ts";
import type { ImageFileBatchOptions } from "../batches/image-file-batch-options.ts";
import { ImageFiles } from "../image-files.ts";
import { SkippedFiles } from "../files/skipped-files.ts";
import { png, testFolder } from "../test-folder.test-support.ts";

type TestContext = Parameters<typeof testFolder>[0];
const options = { imageSize: 2, workers: 0, shuffle: false } satisfies ImageFileBatchOptions;

/** Pictures of one colour each, whose red tells them apart. */
const numbered = (count: number): Record<string, Uint8Array> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`a/${10 + index}.png`, png(2, 2, [index, 0, 0])]));

async function reds(files: ImageFiles, given: ImageFileBatchOptions, epoch = 0): Promise<number[]> {
  const batches = await collect(files.batch(64, { ...options, ...given }).batches(epoch));
  return batches.flatMap(({ x }) => Array.from({ length: x.shape[0] ?? 0 }, (_, place) => x.data[place * 12] ?? -1));
}

describe("pictures kept on the disk", () => {
  test("are those of the folder that a relative path means now", async (context: TestContext) => {
    const found: number[][] = [];
    const cache = await testFolder(context, {});
    const before = process.cwd();
    context.onTestFinished(async () => process.chdir(before));
    for (const red of [10, 200]) {
      const folder = await testFolder(context, { "photos/a/1.png": png(2, 2, [red, 0, 0]) });
      await utimes(join(folder, "photos/a/1.png"), 1e9, 1e9);
      process.chdir(folder);
      found.push(await reds((await imageFolders("photos")).train, { cache }));
    }
    expect(found).toEqual([[10], [200]]);
  });

  test("are made anew for a file that was replaced by one of the same size and date", async (context: TestContext) => {
    const folder = await testFolder(context, { "photos/a/1.png": png(2, 2, [10, 0, 0]) });
    const cache = join(folder, "kept");
    const path = join(folder, "photos/a/1.png");
    const { train } = await imageFolders(join(folder, "photos"));
    await utimes(path, 1e9, 1e9);
    expect(await reds(train, { cache })).toEqual([10]);
    await writeFile(`${path}.new`, png(2, 2, [99, 0, 0]));
    await utimes(`${path}.new`, 1e9, 1e9);
    await rename(`${path}.new`, path);
    expect(await reds(train, { cache })).toEqual([99]);
  });

  test.for([0, 1])("are made anew where bytes of a pack have changed; %i workers", async (workers, context) => {
    const folder = await testFolder(context, numbered(12));
    const { train } = await imageFolders(folder);
    const cache = await testFolder(context, {});
    const given: ImageFileBatchOptions = { cache, workers, seed: 1, shuffle: false, augment: [randomFlipLeftRight()] };
    const expected = await reds(train, given);
    const [inner = ""] = await readdir(cache);
    const [name = ""] = await vi.waitFor(async () => {
      const packs = (await readdir(join(cache, inner))).filter((each) => each.endsWith(".pack"));
      expect(packs).toHaveLength(1);
      return packs;
    });
    const pack = await readFile(join(cache, inner, name));
    // Pixels of red 3 become others; all else stays as it was.
    const place = pack.indexOf(Uint8Array.of(3, 0, 0, 3, 0, 0, 3, 0, 0, 3, 0, 0));
    expect(place).toBeGreaterThan(0);
    pack.set([200], place);
    await writeFile(join(cache, inner, name), pack);
    const files = (await imageFolders(folder)).train;
    const found = files.batch(64, { ...options, ...given });
    for (let epoch = 0; epoch < 2; epoch++) {
      const [batch] = await collect(found.batches(0));
      expect(Array.from({ length: 12 }, (_, index) => batch?.x.data[index * 12])).toEqual(expected);
    }
    expect(found.skipped).toEqual([]);
  });

  test.for(["a file", "what cannot be"])(
    "cannot be kept in place of %s, and no picture is blamed",
    async (kind, context) => {
      const folder = await testFolder(context, numbered(40));
      const other = await testFolder(context, { "a file": "x" });
      const cache = kind === "a file" ? join(other, "a file") : "/proc/nope";
      const { train } = await imageFolders(folder);
      const batches = train.batch(8, { ...options, cache });
      await expect(collect(batches.batches(0))).rejects.toMatchObject({
        code: "UNAVAILABLE",
        message: expect.stringContaining(cache),
      });
      expect(batches.skipped).toEqual([]);
    },
  );
});

test("a cache that nobody asked for is given up where it cannot be written", async (context: TestContext) => {
  const other = await testFolder(context, { "a file": "x" });
  vi.stubEnv("FEATUREMAP_CACHE", join(other, "a file"));
  context.onTestFinished(async () => void vi.unstubAllEnvs());
  const folder = await testFolder(context, numbered(1));
  const path = join(folder, "a/10.png");
  const file = { path, label: 0, contents: () => readFile(path) };
  const files = { size: 1, filePaths: [path], labels: undefined, classNames: [], onDisk: true, basePaths: [path] };
  const kept = decodedPictures(
    { ...files, baseIndex: (index) => index, at: () => file },
    { cache: undefined, recipe: "", pictureBytes: 2 ** 27 },
  );
  const pixels: Pixels = { data: new Uint8Array(3), width: 1, height: 1 };
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  context.onTestFinished(async () => warn.mockRestore());
  expect(kept).toBeDefined();
  for (let time = 0; time < 2; time++) {
    expect(await kept?.get(0, async () => pixels, new AbortController().signal)).toEqual(pixels);
  }
  expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("a part of the path is a file"));
  const own = new OwnError("mine");
  await expect(kept?.get(0, () => Promise.reject(own), new AbortController().signal)).rejects.toBe(own);
});

describe("a file that cannot be read", () => {
  test.for([0, 1])("is tried again in the next epoch; %i workers", async (workers, context) => {
    const folder = await testFolder(context, numbered(40));
    const { train } = await imageFolders(folder);
    for (const cache of [false, undefined, join(folder, "kept")]) {
      const batches = train.batch(64, { ...options, workers, ...(cache === undefined ? {} : { cache }) });
      const path = join(folder, "a/10.png");
      await rename(path, `${path}.away`);
      expect((await collect(batches.batches(0)))[0]?.size).toBe(39);
      expect(batches.skipped).toMatchObject([{ path }]);
      await rename(`${path}.away`, path);
      expect((await collect(batches.batches(1)))[0]?.size).toBe(40);
      expect(batches.skipped).toEqual([]);
    }
  });

  test("for reasons that are not its own, ends the epoch", () => {
    const skipped = new SkippedFiles(100, 0.5, []);
    const failure = (code: string): UnavailableError =>
      new UnavailableError("Cannot read x", "Try again.", { cause: Object.assign(new Error(code), { code }) });
    for (const code of ["EMFILE", "ENFILE", "EIO", "ENOMEM"]) {
      expect(() => skipped.add("x", failure(code))).toThrow("Cannot read x");
    }
    expect(skipped.list).toEqual([]);
    skipped.add("x", failure("ENOENT"));
    expect(skipped.isDamaged("x")).toBe(false);
    skipped.add("x", failure("ENOENT"));
    expect(skipped.list).toHaveLength(1);
    skipped.found("x");
    expect(skipped.list).toEqual([]);
  });

  test("by its own function, throws what that throws", async () => {
    const own = new OwnError("mine");
    const files = new ImageFiles({ paths: ["one"], damagedShare: 1, read: () => Promise.reject(own) });
    await expect(reds(files, {})).rejects.toBe(own);
  });
});

class OwnError extends FeaturemapError {
  override readonly name = "OwnError";
  override readonly code = "MINE";
}

describe("pictures kept in memory", () => {
  test.for([true, false])("are flipped as those from files are; in packs: %s", async (inPacks, context) => {
    const folder = await testFolder(context, numbered(40));
    const { train } = await imageFolders(folder);
    const given: ImageFileBatchOptions = {
      ...options,
      imageSize: 4,
      workers: 1,
      seed: 3,
      augment: [randomFlipLeftRight()],
    };
    const kept = train.batch(8, { ...given, ...(inPacks ? { cache: join(folder, "kept") } : {}) });
    const decoded = train.batch(8, { ...given, cache: false });
    for (let epoch = 0; epoch < 4; epoch++) {
      expect(await collect(kept.batches(epoch))).toEqual(await collect(decoded.batches(epoch)));
    }
  });

  test("stay as they are where an operation of the user's own writes to what it is given", async () => {
    const image: Pixels = { data: new Uint8Array(12).fill(3), width: 2, height: 2 };
    const files = new ImageFiles({ paths: ["one"], read: async () => ({ ...image, data: image.data.slice() }) });
    const own = {
      name: "own",
      arguments: [],
      apply: ({ data, ...rest }: Pixels): Pixels => ({ ...rest, data: data.fill((data[0] ?? 0) * 2) }),
    };
    const batches = files.batch(1, { ...options, seed: 1, augment: [own] });
    for (let epoch = 0; epoch < 3; epoch++) {
      expect((await collect(batches.batches(epoch)))[0]?.x.data[0]).toBe(6);
    }
  });

  test("stay as they are where a step behind writes to them", async () => {
    const files = new ImageFiles({
      paths: ["one"],
      read: async () => ({ data: new Uint8Array(12).fill(3), width: 2, height: 2 }),
    });
    const images = files.images(options);
    for (let epoch = 0; epoch < 3; epoch++) {
      const found = await collect(images.iterate({ epoch }));
      expect(found[0]?.image.data[0]).toBe(3);
      found[0]?.image.data.fill(9);
    }
  });
});
