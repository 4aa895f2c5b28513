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
    use.reading.budget.spend(sizeOf(x.shape));
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

/** As networks use it that standardize the weights of their convolutions. */
const batchNormalization: NodeReader = (use) => {
  const [x, scale, shift, means, variances] = [0, 1, 2, 3, 4].map((index) => use.weight(index));
  if (x === undefined || x.shape.length < 2) return use.refuse("a constant of fewer than two axes");
  const [channels = 0, inner] = [x.shape[1], sizeOf(x.shape.slice(2))];
  const channelOf = (index: number): number => Math.floor(index / inner) % channels;
  const isTraining = use.number("training_mode", 0) === 1;
  const mean = isTraining ? meansOf(x.values, channels, channelOf) : (means?.values ?? []);
  const squares = x.values.map((value, index) => (value - (mean[channelOf(index)] ?? 0)) ** 2);
  const variance = isTraining ? meansOf(squares, channels, channelOf) : (variances?.values ?? []);
  const epsilon = use.number("epsilon", 1e-5);
  const values = Array.from(x.values, (value, index) => {
    const channel = channelOf(index);
    const standard = (value - (mean[channel] ?? 0)) / Math.sqrt((variance[channel] ?? 1) + epsilon);
    return standard * (scale?.values[channel] ?? 1) + (shift?.values[channel] ?? 0);
  });
  return like(x, values, x.shape);
};

function meansOf(values: ArrayLike<number>, channels: number, channelOf: (index: number) => number): readonly number[] {
  const sums = new Array<number>(channels).fill(0);
  for (let index = 0; index < values.length; index++) {
    const channel = channelOf(index);
    sums[channel] = (sums[channel] ?? 0) + (values[index] ?? 0);
  }
  return sums.map((total) => (total * channels) / values.length);
}

/** Reductions of constants, and what needs them. */
export const foldedReductions: readonly (readonly [string, NodeReader])[] = [
  ["BatchNormalization", batchNormalization],
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
