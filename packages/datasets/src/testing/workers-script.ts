import { randomFlipLeftRight } from "@featuremap/images";
import { Dataset } from "../pipeline/dataset.ts";
import { ImageWorkers } from "../workers/image-workers.ts";
import { numberedBmp } from "../workers/pictures.test-support.ts";

/** Pixels of some pictures, and how reading one that is damaged fails. */
export interface LoadedInWorkers {
  readonly pictures: readonly (readonly number[])[];
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
  return { pictures, fault: String(fault) };
}

Object.assign(globalThis, { loadInWorkers });
