import type { Shape } from "@featuremap/tensor";

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
