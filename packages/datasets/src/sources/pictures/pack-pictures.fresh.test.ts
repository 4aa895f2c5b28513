import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type * as Images from "@featuremap/images";
import { randomFlipLeftRight } from "@featuremap/images";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { collect } from "../bytes/collect.ts";
import { imageFolders } from "../folder/image-folders.ts";
import type { ImageFileBatchOptions } from "./batches/image-file-batch-options.ts";
import { ImageFiles } from "./image-files.ts";
import { png, testFolder } from "./test-folder.test-support.ts";

const decoded = vi.hoisted(() => ({ files: [] as string[] }));
vi.mock("@featuremap/images", async (load) => {
  const images = await load<typeof Images>();
  const lendImage: typeof images.lendImage = (bytes, options, use) => {
    decoded.files.push(options.name ?? "");
    return images.lendImage(bytes, options, use);
  };
  return { ...images, lendImage };
});

const plain = { imageSize: 3, workers: 0 } as const;
const numbered = (count: number): Record<string, Uint8Array> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `${index % 2 === 0 ? "a" : "b"}/${10 + index}.png`,
      png(2, 2, [index, 0, 0]),
    ]),
  );

async function reds(files: ImageFiles, given: ImageFileBatchOptions = {}): Promise<number[]> {
  const batches = await collect(files.batch(64, { ...plain, shuffle: false, ...given }).batches(0));
  return batches.flatMap(({ x }) => Array.from({ length: x.shape[0] ?? 0 }, (_, place) => x.data[place * 27] ?? -1));
}

describe("ImageFiles.pack", () => {
  beforeEach(async (context) => {
    decoded.files = [];
    vi.stubEnv("FEATUREMAP_CACHE", await testFolder(context, {}));
    return () => vi.unstubAllEnvs();
  });

  test("lets batches of the same options decode nothing, of whatever part and in whatever order", async (context) => {
    const folder = await testFolder(context, numbered(12));
    const unpacked = await reds((await imageFolders(folder)).train);
    expect(decoded.files).toHaveLength(12);
    const seen: number[] = [];
    const packed = await (
      await imageFolders(folder)
    ).train.pack({ ...plain, onProgress: (done, total) => seen.push(done / total) });
    expect(packed).toMatchObject({ pictures: 12, added: 12, bytes: expect.any(Number) });
    expect(packed.directory.startsWith(process.env["FEATUREMAP_CACHE"] ?? "-")).toBe(true);
    expect([(await readdir(packed.directory)).length, seen.length, seen.at(-1)]).toEqual([1, 12, 1]);

    decoded.files = [];
    const { train } = await imageFolders(folder);
    expect(await reds(train)).toEqual(unpacked);
    const [first, second] = await train.split(0.5, { seed: 1 });
    await reds(first, { shuffle: true, seed: 3, augment: [randomFlipLeftRight()] });
    await reds(second, { workers: 1 });
    expect(decoded.files).toEqual([]);
    // Other sizes are other pictures.
    await reds(train, { imageSize: 4 });
    expect(decoded.files).toHaveLength(12);
  });

  test("adds what is missing, and finds that nothing is", async (context) => {
    const folder = await testFolder(context, numbered(6));
    const pack = async (): Promise<{ readonly pictures: number; readonly added: number }> =>
      (await imageFolders(folder)).train.pack(plain);
    expect(await pack()).toMatchObject({ pictures: 6, added: 6 });
    decoded.files = [];
    expect(await pack()).toMatchObject({ pictures: 6, added: 0 });
    expect(decoded.files).toEqual([]);
    await writeFile(join(folder, "a/10.png"), png(2, 2, [77, 0, 0]));
    expect(await pack()).toMatchObject({ pictures: 6, added: 1 });
    expect(decoded.files).toEqual([join(folder, "a/10.png")]);
    expect(Math.round((await reds((await imageFolders(folder)).train))[0] ?? 0)).toBe(77);
  });

  test("keeps what was decoded before it is stopped", async (context) => {
    const folder = await testFolder(context, numbered(10));
    const stop = new AbortController();
    const files = (await imageFolders(folder)).train;
    const stopped = files.pack({ ...plain, signal: stop.signal, onProgress: (done) => done === 4 && stop.abort() });
    await expect(stopped).rejects.toMatchObject({ code: "ABORTED" });
    expect(await files.pack(plain)).toMatchObject({ pictures: 10, added: 6 });
  });

  test("leaves damaged files out, and fails where they are too many", async (context) => {
    const folder = await testFolder(context, { ...numbered(6), "a/99.png": Buffer.from("none") });
    const { train } = await imageFolders(folder, { damagedShare: 0.2 });
    for (const added of [6, 0]) expect(await train.pack(plain)).toMatchObject({ pictures: 6, added });
    expect(train.skipped.map(({ path }) => path)).toEqual([join(folder, "a/99.png")]);
    await expect((await imageFolders(folder)).train.pack(plain)).rejects.toThrow("1 of 7 that are not");
  });

  test("takes a folder of your own, and says what cannot be packed", async (context) => {
    const folder = await testFolder(context, numbered(4));
    const cache = await testFolder(context, {});
    const { train } = await imageFolders(folder);
    expect((await train.pack({ ...plain, cache })).directory.startsWith(cache)).toBe(true);
    const given = new ImageFiles({ paths: ["x"], read: () => Promise.resolve(new Uint8Array()) });
    await expect(given.pack(plain)).rejects.toThrow("Only pictures that are files on the disk can be packed");
    await expect(train.pack({ augment: [] } as never)).rejects.toThrow("ImageFiles.pack: options must be among");
    await rm(cache, { recursive: true });
  });
});
