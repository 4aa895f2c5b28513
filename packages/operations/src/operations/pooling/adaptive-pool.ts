import * as tf from "@tensorflow/tfjs-core";
import { averagePool2d, maxPool2d } from "./pool2d.ts";
import { maxPool3d } from "./pool3d.ts";

/** Where the windows of one axis begin and how long they are. */
export interface AdaptiveWindows {
  readonly starts: readonly number[];
  readonly sizes: readonly number[];
}

/**
 * Windows over `length` elements, as many as `count`, that share them as evenly as whole elements allow: window `i` reaches
 * from `floor(i * length / count)` to `ceil((i + 1) * length / count)`, so that neighbours may overlap by one.
 */
export function adaptiveWindows(length: number, count: number): AdaptiveWindows {
  const starts = Array.from({ length: count }, (_, index) => Math.floor((index * length) / count));
  const sizes = starts.map((start, index) => Math.ceil(((index + 1) * length) / count) - start);
  return { starts, sizes };
}

/** Elements under all these windows: each where two neighbours overlap counts twice. */
export function elementsUnder(length: number, count: number): number {
  let [divisor, rest] = [length, count];
  while (rest > 0) [divisor, rest] = [rest, divisor % rest];
  return length + count - divisor;
}

/** Pools `[n, length, inner]` by windows of one size, one after another, to `[n, length / size, inner]`. */
type PoolRows = (rows: tf.Tensor3D, size: number) => tf.Tensor3D;

/**
 * Makes one number of each window along each axis between batch and channels, axis by axis as Keras does.
 *
 * @param counts windows along each of these axes
 */
export function adaptivePool(input: tf.Tensor, counts: readonly number[], kind: "average" | "max"): tf.Tensor {
  // Of equal elements the first has the gradient, but in volumes each has all of it, as in TensorFlow.
  const pool = kind === "average" ? averageRows : counts.length < 3 ? firstOfRows : largestOfRows;
  return counts.reduce((pooled, count, index) => poolAxis(pooled, index + 1, count, pool), input);
}

function poolAxis(input: tf.Tensor, axis: number, count: number, pool: PoolRows): tf.Tensor {
  const length = input.shape[axis] ?? 1;
  const outer = input.shape.slice(0, axis);
  const inner = input.shape.slice(axis + 1);
  const product = (lengths: readonly number[]): number => lengths.reduce((all, each) => all * each, 1);
  const rows = tf.reshape<tf.Rank.R3>(input, [product(outer), length, product(inner)]);
  const windows = adaptiveWindows(length, count);
  return tf.reshape(length % count === 0 ? pool(rows, length / count) : poolUneven(rows, windows, pool), [
    ...outer,
    count,
    ...inner,
  ]);
}

/** Windows are of two sizes: those of each are laid end to end, pooled, and put back in order. */
function poolUneven(rows: tf.Tensor3D, { starts, sizes }: AdaptiveWindows, pool: PoolRows): tf.Tensor3D {
  const order: number[] = [];
  const pooled = [...new Set(sizes)].map((size) => {
    const windows = starts.flatMap((start, index) => (sizes[index] === size ? [{ start, index }] : []));
    order.push(...windows.map(({ index }) => index));
    const elements = windows.flatMap(({ start }) => Array.from({ length: size }, (_, step) => start + step));
    return pool(tf.gather(rows, tf.tensor1d(elements, "int32"), 1), size);
  });
  const places = starts.map((_, index) => order.indexOf(index));
  return tf.gather(tf.concat(pooled, 1), tf.tensor1d(places, "int32"), 1);
}

function averageRows(rows: tf.Tensor3D, size: number): tf.Tensor3D {
  return throughImage(rows, (image) => averagePool2d(image, { size: [size, 1], strides: [size, 1], padding: "valid" }));
}

function firstOfRows(rows: tf.Tensor3D, size: number): tf.Tensor3D {
  return throughImage(rows, (image) => maxPool2d(image, { size: [size, 1], strides: [size, 1], padding: "valid" }));
}

function largestOfRows(rows: tf.Tensor3D, size: number): tf.Tensor3D {
  const [outer, length, inner] = rows.shape;
  const window = { size: [size, 1, 1], strides: [size, 1, 1], padding: "valid" } as const;
  const pooled = maxPool3d(tf.reshape<tf.Rank.R5>(rows, [outer, length, 1, 1, inner]), window);
  return tf.reshape(pooled, [outer, length / size, inner]);
}

function throughImage(rows: tf.Tensor3D, pool: (image: tf.Tensor4D) => tf.Tensor4D): tf.Tensor3D {
  const [outer, length, inner] = rows.shape;
  const pooled = pool(tf.reshape<tf.Rank.R4>(rows, [outer, length, 1, inner]));
  return tf.reshape(pooled, [outer, pooled.shape[1], inner]);
}
