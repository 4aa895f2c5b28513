import { n1 } from "@featuremap/applications";
import type { Model } from "@featuremap/layers";
import { HostArray, type NestedNumbers } from "@featuremap/tensor";
import golden from "../trainer/n1.golden.json" with { type: "json" };

/** Network N1 with few filters and the weights that Keras gave it in the golden file. */
export function smallN1(): Model {
  const model = n1.build({ filters: [4, 6, 8] });
  model.setWeights(golden.weights.map((values) => HostArray.from(values as NestedNumbers)));
  return model;
}

/** The golden file's images: bytes of a linear congruential generator, in [0, 1]. */
export function goldenImages(count: number): HostArray<Float32Array> {
  const values = new Float32Array(count * 28 * 28);
  let state = 12345;
  for (let index = 0; index < values.length; index++) {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    values[index] = (state >>> 24) / 255;
  }
  return new HostArray(values, [count, 28, 28, 1]);
}

/** The golden file's labels. */
export function goldenLabels(count: number): HostArray<Int32Array> {
  return new HostArray(
    Int32Array.from({ length: count }, (_, index) => (7 * index + 3) % 10),
    [count],
  );
}
