import { HostArray } from "../arrays/host-array.ts";
import { requireHostArray } from "../checks/require-array.ts";
import { broadcastShapes, sizeOf, stridesOf } from "../shapes/shape.ts";

/**
 * Product of two arrays element by element, in a new array: `y = a * b`, with {@link broadcastShapes}' rules.
 *
 * A plain number counts as an array of rank 0.
 * Source: NumPy `multiply`, TensorFlow `tf.multiply`.
 *
 * @throws {ShapeError} the shapes cannot be broadcast.
 */
export function multiply(left: HostArray | number, right: HostArray | number): HostArray<Float32Array> {
  if (typeof left !== "number") requireHostArray("multiply", "left", left);
  if (typeof right !== "number") requireHostArray("multiply", "right", right);
  const a = typeof left === "number" ? HostArray.from(left) : left;
  const b = typeof right === "number" ? HostArray.from(right) : right;
  const shape = broadcastShapes(a.shape, b.shape);
  const strides = stridesOf(shape);
  const [fromA, fromB] = [stretch(a, shape.length), stretch(b, shape.length)];
  const output = new Float32Array(sizeOf(shape));
  for (let index = 0; index < output.length; index++) {
    let [indexA, indexB, rest] = [0, 0, index];
    for (const [axis, stride] of strides.entries()) {
      const place = Math.floor(rest / stride);
      rest -= place * stride;
      indexA += place * (fromA[axis] ?? 0);
      indexB += place * (fromB[axis] ?? 0);
    }
    output[index] = (a.data[indexA] ?? Number.NaN) * (b.data[indexB] ?? Number.NaN);
  }
  return new HostArray(output, shape);
}

/** Strides of an array seen with `rank` axes: 0 where one element stands for the whole axis. */
function stretch({ shape }: HostArray, rank: number): number[] {
  const strides = stridesOf(shape).map((stride, axis) => (shape[axis] === 1 ? 0 : stride));
  return [...new Array<number>(rank - shape.length).fill(0), ...strides];
}
