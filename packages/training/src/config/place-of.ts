import type { HostArray } from "@featuremap/tensor";

/** Where a number stands in an array, for messages: `[1, 2]` for the last of 2 x 3. */
export function placeOf({ shape }: HostArray, index: number): string {
  let rest = index;
  const place: number[] = [];
  for (const length of shape.toReversed()) {
    place.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return `[${place.join(", ")}]`;
}
