import { Dense, Dropout, Sequential } from "@featuremap/layers";
import { HostArray, RandomStream } from "@featuremap/tensor";
import type { TrainingArrays } from "../data/kinds/array-batches.ts";

/** Arrays for a model of one input and one output. */
export interface SectorArrays extends TrainingArrays {
  readonly x: HostArray<Float32Array>;
  readonly y: HostArray<Int32Array>;
}

/** Points in the plane whose class, of 3, is the sector they lie in. */
export function sectors(examples: number, options: Omit<Partial<TrainingArrays>, "x" | "y"> = {}): SectorArrays {
  const random = new RandomStream(1);
  const points = new Float32Array(examples * 2);
  const labels = Int32Array.from({ length: examples }, (_, index) => {
    const turn = random.uniform();
    points.set([Math.cos(2 * Math.PI * turn), Math.sin(2 * Math.PI * turn)], index * 2);
    return Math.floor(turn * 3);
  });
  return { x: new HostArray(points, [examples, 2]), y: new HostArray(labels, [examples]), ...options };
}

/** A classifier for {@link sectors} with dropout, so that it depends on every seed there is. */
export function sectorModel(seed = 1): Sequential {
  return new Sequential(
    [
      new Dense({ units: 8, activation: "relu", inputShape: [2] }),
      new Dropout({ rate: 0.1 }),
      new Dense({ units: 3, activation: "softmax" }),
    ],
    { seed },
  );
}
