import { sizeOf } from "@featuremap/tensor";
import { plainOrder } from "../layouts.ts";
import type { NodeUse } from "./node-use.ts";

/** An axis counted from the start. */
export function axisOf(use: NodeUse, axis: number, rank: number): number {
  const counted = axis < 0 ? axis + rank : axis;
  return counted >= 0 && counted < rank ? counted : use.refuse(`axis ${axis} of ${rank}`);
}

/** Where a slice begins and ends, in steps, along an axis of that length. */
export function sliceBounds(
  start: number,
  end: number,
  step: number,
  length: number,
): { readonly start: number; readonly count: number } {
  const counted = (at: number): number => (at < 0 ? at + length : at);
  if (step > 0) {
    const from = Math.min(Math.max(counted(start), 0), length);
    const to = Math.min(Math.max(counted(end), 0), length);
    return { start: from, count: Math.max(0, Math.ceil((to - from) / step)) };
  }
  const from = Math.min(Math.max(counted(start), -1), length - 1);
  const to = Math.min(Math.max(counted(end), -1), length - 1);
  return { start: from, count: Math.max(0, Math.ceil((to - from) / step)) };
}

/** Lengths that a reshape is to give, with those that it leaves to be worked out. */
export function resolveTarget(use: NodeUse, target: readonly number[], shape: readonly number[]): readonly number[] {
  const copied = target.map((length, axis) =>
    length === 0 && use.number("allowzero", 0) === 0 ? (shape[axis] ?? 0) : length,
  );
  const known = sizeOf(copied.filter((length) => length !== -1));
  const size = sizeOf(shape);
  const result = copied.map((length) => (length === -1 ? size / known : length));
  return sizeOf(result) === size && result.every(Number.isInteger)
    ? result
    : use.refuse(`reshaping ${shape.join("x")} to ${target.join("x")}`);
}

export function squeezedAxes(use: NodeUse, shape: readonly (number | null)[]): readonly number[] {
  const given = use.numbers(1, "axes");
  if (given === undefined) return [...shape.entries()].filter(([, length]) => length === 1).map(([axis]) => axis);
  return given.map((axis) => axisOf(use, axis, shape.length));
}

export function unsqueezed<Length>(use: NodeUse, shape: readonly Length[], one: Length): Length[] {
  const given = use.numbers(1, "axes") ?? use.refuse("no axes");
  const rank = shape.length + given.length;
  const axes = new Set(given.map((axis) => axisOf(use, axis, rank)));
  let next = 0;
  return plainOrder(rank).map((axis) => (axes.has(axis) ? one : (shape[next++] as Length)));
}
