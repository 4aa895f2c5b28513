import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomFlipLeftRight } from "@featuremap/images";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Dataset } from "../pipeline/dataset.ts";
import { decodeOnce } from "./decode-once.ts";
import { ImageWorkers, type Loaded } from "./image-workers.ts";
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
  decodeOnce(files, workers, { directory: join(folder, "cache"), ...(size === undefined ? {} : { size }) });

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

  test("takes no operation that draws", async () => {
    const dataset = decodeOnce(files, workers, { directory: false, operations: [randomFlipLeftRight()] });
    await expect(collect(dataset)).rejects.toThrow("seed must be given");
  });
});
