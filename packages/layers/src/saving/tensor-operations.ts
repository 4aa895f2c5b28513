import { type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type ConfigReader, isRecord } from "../config/config-reader.ts";
import { resolveAxis } from "../config/resolve-axis.ts";
import type { Computation } from "../model/operation-layer.ts";
import { broadcast, tensorOf } from "./arithmetic.ts";

/** Products of matrices, along the axes before which operands broadcast. */
export const matmul: Computation = {
  operands: 2,
  outputShape: ([a = [], b = []]) => {
    const [inner, rows] = [a.at(-1) ?? null, b.at(-2) ?? null];
    const fits = a.length > 1 && b.length > 1 && (inner === null || rows === null || inner === rows);
    if (!fits)
      throw new ShapeError("Matmul", "operands", "matrices that fit", `${formatShape(a)} and ${formatShape(b)}`);
    return [...broadcast(a.slice(0, -2), b.slice(0, -2)), a.at(-2) ?? null, b.at(-1) ?? null];
  },
  compute: (operands) => {
    const [a = tf.scalar(0), b = tf.scalar(0)] = operands.map(tensorOf);
    if (b.rank === 2) {
      const product = tf.matMul(tf.reshape(a, [-1, a.shape.at(-1) ?? 1]), b);
      return tf.reshape(product, [...a.shape.slice(0, -1), b.shape[1] ?? 1]);
    }
    const outer = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)).map((length) => length ?? 1);
    const wide = (x: tf.Tensor): tf.Tensor => tf.broadcastTo(x, [...outer, ...x.shape.slice(-2)]);
    return tf.matMul(wide(a), wide(b));
  },
};

/** Elements of one operand where a condition is not 0, and of another where it is. */
export const where: Computation = {
  operands: 3,
  outputShape: ([condition = [], a = [], b = []]) => broadcast(broadcast(condition, a), b),
  compute: (operands) => {
    const [condition = tf.scalar(0), a = tf.scalar(0), b = tf.scalar(0)] = operands.map(tensorOf);
    const shape = [a, b].reduce((all, { shape: own }) => broadcast(all, own), condition.shape as Shape);
    const wide = (x: tf.Tensor): tf.Tensor =>
      tf.broadcastTo(
        x,
        shape.map((length) => length ?? 1),
      );
    return tf.where(tf.cast(wide(condition), "bool"), wide(a), wide(b));
  },
};

/** With one number around it. */
export function readPad(reader: ConfigReader, second: unknown): Computation {
  const given = reader.take("pad_width");
  reader.only("mode", "constant");
  if (second !== undefined && typeof second !== "number") return reader.fail("constant_values", "a number", second);
  const isMargin = (margin: unknown): margin is [number, number] =>
    Array.isArray(margin) && margin.length === 2 && margin.every((count) => Number.isInteger(count) && count >= 0);
  if (!Array.isArray(given) || !given.every(isMargin)) return reader.fail("pad_width", "pairs of counts", given);
  const pairs: readonly (readonly [number, number])[] = given;
  const [first = [0, 0]] = pairs;
  const margins = (shape: Shape): [number, number][] => {
    const all = pairs.length === 1 ? shape.map(() => first) : pairs;
    if (all.length === shape.length) return all.map(([before, after]) => [before, after]);
    throw new ShapeError("Pad", "input", `of ${all.length} axes`, formatShape(shape));
  };
  return {
    operands: second === undefined ? 1 : 2,
    outputShape: ([shape = []]) =>
      margins(shape).map(([before, after], axis) => {
        const length = shape[axis] ?? null;
        return length === null ? null : length + before + after;
      }),
    compute: ([x = 0]) => tf.pad(tensorOf(x), margins(tensorOf(x).shape), second ?? 0),
  };
}

/** Elements at some places of one axis, other than that of the batch. */
export function readTake(reader: ConfigReader, second: unknown): Computation {
  const axis = reader.number("axis") ?? Number.NaN;
  const config = isRecord(second) ? second["config"] : undefined;
  const list: unknown = isRecord(config) ? config["value"] : second;
  if (!Array.isArray(list) || list.length === 0 || !list.every((index) => Number.isInteger(index)))
    return reader.fail("indices", "a list of integers", second);
  const indices = list as readonly number[];
  const placeOf = (shape: Shape): number => {
    const [place = 0] = resolveAxis("Take", [axis], shape);
    const length = shape[place] ?? null;
    const fits = place > 0 && (length === null || indices.every((index) => index >= -length && index < length));
    return fits
      ? place
      : reader.fail("indices", `within axis ${axis} of ${formatShape(shape)}, which is not the first`, list);
  };
  return {
    operands: "tensor and items",
    outputShape: ([shape = []]) => {
      const place = placeOf(shape);
      return shape.map((length, each) => (each === place ? indices.length : length));
    },
    compute: ([x = 0]) => {
      const tensor = tensorOf(x);
      const place = placeOf(tensor.shape);
      const length = tensor.shape[place] ?? 1;
      const positions = Int32Array.from(indices, (index) => (index < 0 ? index + length : index));
      return tf.gather(tensor, tf.tensor1d(positions, "int32"), place);
    },
  };
}
