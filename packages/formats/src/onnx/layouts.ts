import type { Shape } from "@featuremap/tensor";

/** Where a file's inputs and outputs have their channels: where the model had them, last as a rule, or after the batch. */
export type FileLayout = "nhwc" | "nchw";

/** The key of `metadata_props` under which files written here say their layout, as no graph tells it for certain. */
export const layoutKey = "featuremap.layout";

export function isFileLayout(value: unknown): value is FileLayout {
  return value === "nhwc" || value === "nchw";
}

/** Axes as they are. */
export function plainOrder(rank: number): readonly number[] {
  return Array.from({ length: rank }, (_, axis) => axis);
}

export function isPlain(order: readonly number[]): boolean {
  return order.every((axis, index) => axis === index);
}

/** Channels from the last place to the one after the batch. */
export function channelsFirst(rank: number): readonly number[] {
  return rank < 3 ? plainOrder(rank) : [0, rank - 1, ...plainOrder(rank - 1).slice(1)];
}

/** Channels from the place after the batch to the last. */
export function channelsLast(rank: number): readonly number[] {
  return rank < 3 ? plainOrder(rank) : [0, ...plainOrder(rank).slice(2), 1];
}

/** The lengths of a shape in an order of its axes. */
export function orderedLengths(shape: Shape, order: readonly number[]): Shape {
  return order.map((axis) => shape[axis] ?? null);
}

/** Where each axis is after being turned. */
export function inverse(order: readonly number[]): readonly number[] {
  return plainOrder(order.length).map((axis) => order.indexOf(axis));
}
