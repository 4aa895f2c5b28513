import { HostArray, RandomStream } from "@featuremap/tensor";

/** Pictures with labels. */
export interface SmallPictures {
  readonly x: HostArray<Float32Array>;
  readonly y: HostArray<Int32Array>;
}

/** Random pictures of one channel, of 3 classes by turns. */
export function smallPictures(count: number, side: number): SmallPictures {
  const random = new RandomStream(3);
  return {
    x: new HostArray(
      Float32Array.from({ length: count * side * side }, () => random.uniform(0, 1)),
      [count, side, side, 1],
    ),
    y: new HostArray(
      Int32Array.from({ length: count }, (_, index) => index % 3),
      [count],
    ),
  };
}
