import { HostArray, RandomStream } from "@featuremap/tensor";

/** Images of normal numbers, the same each time. */
export function randomImages(shape: readonly number[], seed = 1): HostArray<Float32Array> {
  const random = new RandomStream(seed);
  const length = shape.reduce((size, each) => size * each, 1);
  return new HostArray(
    Float32Array.from({ length }, () => random.normal()),
    shape,
  );
}
