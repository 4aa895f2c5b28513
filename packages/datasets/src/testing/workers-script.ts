import { colorJitter, randomFlipLeftRight } from "@featuremap/images";
import { Dataset } from "../pipeline/dataset.ts";
import { ImageFiles } from "../sources/pictures/image-files.ts";
import { ImageWorkers } from "../workers/image-workers.ts";
import { numberedBmp } from "../workers/pictures.test-support.ts";

/** Pixels of some pictures, and how reading one that is damaged fails. */
export interface LoadedInWorkers {
  readonly pictures: readonly (readonly number[])[];
  /** Batches of the same ones: when they are decoded, and from memory. */
  readonly batches: readonly (readonly number[])[];
  readonly fault: string;
}

export async function loadInWorkers(count: number): Promise<LoadedInWorkers> {
  const workers = new ImageWorkers({ workers: count });
  const files = Array.from({ length: 20 }, (_, index) => ({
    path: `${index}.bmp`,
    contents: async () => numberedBmp(index),
  }));
  const load = workers.load({ operations: [randomFlipLeftRight()], size: [6, 8] });
  const { concurrency } = workers;
  const pictures: number[][] = [];
  for await (const { image } of Dataset.from(files).map(load, { seed: 3, concurrency })) pictures.push([...image.data]);
  const damaged = [{ path: "damaged.bmp", contents: async () => numberedBmp(1).subarray(0, 60) }];
  const fault: unknown = await Dataset.from(damaged)
    .map(workers.load())
    .iterate()
    .next()
    .catch((error: unknown) => error);
  await workers.close();
  const kept = new ImageFiles({
    paths: files.map(({ path }) => path),
    read: (index) => files[index]?.contents() ?? Promise.reject(new Error("no such file")),
  });
  const augment = [colorJitter({ brightness: 0.5 })];
  const source = kept.batch(8, { imageSize: [6, 8], augment, seed: 3, workers: count });
  const batches: number[][] = [];
  for (const epoch of [0, 1]) for await (const { x } of source.batches(epoch)) batches.push([...x.data]);
  return { pictures, batches, fault: String(fault) };
}

Object.assign(globalThis, { loadInWorkers });
