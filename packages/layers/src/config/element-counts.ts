import type { Shape } from "@featuremap/tensor";

/** Elements of one tensor, with 1 for lengths that only data will tell. */
export function elementsOf(shape: Shape): number {
  return shape.reduce<number>((product, length) => product * (length ?? 1), 1);
}

/** Elements of all of these. */
export function countElements(shapes: readonly Shape[]): number {
  return shapes.reduce((sum, shape) => sum + elementsOf(shape), 0);
}
