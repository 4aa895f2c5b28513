import { sizeOf } from "@featuremap/tensor";
import { checkSize, like, transposed } from "./constant-arrays.ts";
import { axisOf } from "./lengths.ts";
import type { NodeReader } from "./node-use.ts";

/** One number of those along some axes of a constant. */
function reduction(compute: (values: readonly number[]) => number): NodeReader {
  return (use) => {
    const x = use.weight(0);
    const rank = x.shape.length;
    const given = use.numbers(1, "axes") ?? [];
    if (given.length === 0 && use.number("noop_with_empty_axes", 0) === 1) return x;
    const axes = new Set(given.length === 0 ? x.shape.keys() : given.map((axis) => axisOf(use, axis, rank)));
    const left = [...x.shape.keys()].filter((axis) => !axes.has(axis));
    const rows = transposed(x, [...left, ...axes]);
    const size = sizeOf([...axes].map((axis) => x.shape[axis] ?? 1));
    const count = checkSize(use, rows.shape.slice(0, left.length));
    const values = Array.from({ length: count }, (_, row) =>
      compute(Array.from(rows.values.subarray(row * size, (row + 1) * size))),
    );
    const kept = x.shape.map((length, axis) => (axes.has(axis) ? 1 : length));
    const keeps = use.number("keepdims", 1) === 1;
    return like(x, values, keeps ? kept : kept.filter((_, axis) => !axes.has(axis)));
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const sumOf = (values: readonly number[], change: (value: number) => number): number => sum(values.map(change));

/** Reductions of constants. */
export const foldedReductions: readonly (readonly [string, NodeReader])[] = [
  ["ReduceSum", reduction(sum)],
  ["ReduceMean", reduction((values) => sum(values) / values.length)],
  ["ReduceMax", reduction((values) => values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY))],
  [
    "ReduceMin",
    reduction((values) => values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)),
  ],
  ["ReduceProd", reduction((values) => values.reduce((product, value) => product * value, 1))],
  ["ReduceL1", reduction((values) => sumOf(values, Math.abs))],
  ["ReduceL2", reduction((values) => Math.sqrt(sumOf(values, (value) => value ** 2)))],
  ["ReduceSumSquare", reduction((values) => sumOf(values, (value) => value ** 2))],
];
