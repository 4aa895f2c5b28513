import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomFlipLeftRight } from "@featuremap/images";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Dataset } from "../pipeline/dataset.ts";
import { decodeOnce } from "./decode-once.ts";
import { ImageWorkers, type Loaded } from "./image-workers.ts";
import type { LoadableExample } from "./picture-source.ts";
import { numberedBmp } from "./pictures.test-support.ts";

interface File {
  readonly path: string;
  readonly label: number;
  readonly contents: () => Promise<Uint8Array>;
}

let folder: string;
let reads: string[];
let files: Dataset<File>;
const workers = new ImageWorkers({ workers: 0 });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "featuremap-once-"));
  reads = [];
  const list = Array.from({ length: 12 }, (_, label) => {
    const path = join(folder, `${label}.bmp`);
    const contents = async (): Promise<Uint8Array> => {
      reads.push(path);
      const { readFile } = await import("node:fs/promises");
      return readFile(path);
    };
    return { path, label, contents };
  });
  for (const { path, label } of list) await writeFile(path, numberedBmp(label));
  files = Dataset.from(list);
});
afterEach(() => rm(folder, { recursive: true }));

const cached = (size?: [number, number]): Dataset<Loaded<File>> =>
  decodeOnce(files, workers, {
    directory: join(folder, "cache"),
    key: "files",
    ...(size === undefined ? {} : { size }),
  });

async function collect<T>(dataset: Dataset<T>, epoch = 0): Promise<T[]> {
  const elements: T[] = [];
  for await (const element of dataset.iterate({ epoch })) elements.push(element);
  return elements;
}

describe("decodeOnce", () => {
  test("reads each file in the first epoch and never again, and gives what decoding gives", async () => {
    const plain = await collect(decodeOnce(files, workers, { directory: false }));
    expect(plain.map(({ image, label }) => [image.data[0], label])).toEqual(plain.map(({ label }) => [label, label]));
    reads = [];
    const dataset = cached();
    expect(await collect(dataset.shuffle({ seed: 1 }).map(({ label }) => label))).not.toEqual([]);
    expect(reads.length).toBe(12);
    expect(await collect(dataset, 1)).toEqual(plain);
    expect(await collect(cached(), 2)).toEqual(plain);
    expect(reads.length).toBe(12);
  });

  test("reads a file again that has changed, and all for another recipe", async () => {
    await collect(cached());
    reads = [];
    const path = join(folder, "5.bmp");
    await writeFile(path, numberedBmp(77));
    await utimes(path, 1, 1);
    expect((await collect(cached()))[5]?.image.data[0]).toBe(77);
    expect(reads).toEqual([path]);
    await collect(cached());
    expect(reads.length).toBe(1);
    const small = await collect(cached([2, 2]));
    expect(small[0]?.image).toMatchObject({ width: 2, height: 2 });
    expect(reads.length).toBe(13);
  });

  test("decodes a damaged file once, and says each time that it is", async () => {
    const path = join(folder, "3.bmp");
    await writeFile(path, numberedBmp(3).subarray(0, 60));
    for (let run = 0; run < 2; run++) {
      const skipped: unknown[] = [];
      const dataset = cached().skipDamaged({ maxDamagedShare: 0.1, onSkip: (file) => skipped.push(file) });
      expect((await collect(dataset)).length).toBe(11);
      expect(skipped).toMatchObject([{ path, reason: expect.stringContaining(path) }]);
    }
    expect(reads.length).toBe(12);
    await expect(collect(cached().skipDamaged())).rejects.toMatchObject({ code: "INVALID_FORMAT" });
  });

  test.for<[string, (index: number) => LoadableExample]>([
    ["pixels", (index) => ({ image: { data: new Uint8Array(3).fill(index), width: 1, height: 1 } })],
    ["a function's bytes", (index) => ({ contents: async () => numberedBmp(index) })],
    ["an archive's names", (index) => ({ path: `${index % 3}.bmp`, contents: async () => numberedBmp(index) })],
  ])("tells %s of one data set from another's by a key, without which it keeps none", async ([, make]) => {
    const some = (from: number, key?: string): Dataset<Loaded<LoadableExample>> =>
      decodeOnce(Dataset.from([from, from + 3].map(make)), workers, {
        directory: join(folder, "cache"),
        ...(key === undefined ? {} : { key }),
      });
    await expect(collect(some(3))).rejects.toMatchObject({ code: "INVALID_CONFIG", option: "key" });
    const redsOf = async (dataset: Dataset<Loaded<LoadableExample>>): Promise<unknown[]> =>
      (await collect(dataset)).map(({ image }) => image.data[0]);
    expect(await redsOf(some(3, "one"))).toEqual([3, 6]);
    expect(await redsOf(some(30, "two"))).toEqual([30, 33]);
    expect(await redsOf(some(99, "two"))).toEqual([30, 33]);
  });

  test("needs no key for files on the disk, and finds those that were made anew", async () => {
    const path = join(folder, "1.bmp");
    const once = (): Dataset<Loaded<LoadableExample>> =>
      decodeOnce(Dataset.from([{ path }]), workers, { directory: join(folder, "cache") });
    await utimes(path, 1e9, 1e9);
    expect((await collect(once()))[0]?.image.data[0]).toBe(1);
    await writeFile(path, numberedBmp(50));
    await utimes(path, 1e9, 1e9);
    expect((await collect(once()))[0]?.image.data[0]).toBe(50);
    await rm(path);
    await expect(collect(once())).rejects.toMatchObject({ cause: { code: "UNAVAILABLE" } });
  });

  test("gives pictures that are the consumer's own", async () => {
    const once = cached();
    for (let epoch = 0; epoch < 3; epoch++) {
      const elements = await collect(once, epoch);
      expect(elements.map(({ image }) => image.data[0])).toEqual(elements.map(({ label }) => label));
      for (const { image } of elements) image.data.fill(99);
    }
  });

  test("says that the folder cannot be written, which is not damage", async () => {
    const directory = join(folder, "1.bmp");
    const once = decodeOnce(files, workers, { directory, key: "files" }).skipDamaged({ maxDamagedShare: 1 });
    await expect(collect(once)).rejects.toThrow(directory);
  });

  test("takes no operation that draws", async () => {
    const dataset = decodeOnce(files, workers, { directory: false, operations: [randomFlipLeftRight()] });
    await expect(collect(dataset)).rejects.toThrow("seed must be given");
  });
});
