import { sizeOf, stridesOf } from "@featuremap/tensor";
import { pickElements } from "../../tensors/pick-elements.ts";
import type { Constant } from "./constants.ts";
import type { NodeUse } from "./node-use.ts";

/** Elements of a constant that is made of others. */
const most = 2 ** 24;

/** An array of the same kind as a constant's. */
export function like(constant: Constant, values: ArrayLike<number>, shape: readonly number[]): Constant {
  return {
    ...constant,
    type: undefined,
    shape,
    values: constant.isInteger ? new Float64Array(values) : new Float32Array(values),
  };
}

/** @throws {Unreadable | FormatError} a constant of that shape, or all together, would be too large. */
export function checkSize(use: NodeUse, shape: readonly number[]): number {
  const size = sizeOf(shape);
  if (!(size <= most && shape.every((length) => length >= 0))) return use.refuse(`a constant of ${size} elements`);
  use.reading.budget.check(size);
  return size;
}

/** Steps between elements along each axis, 0 where a length of 1 is stretched. */
function strides(shape: readonly number[], rank: number): number[] {
  const steps = stridesOf(shape);
  const own = shape.map((length, axis) => (length === 1 ? 0 : (steps[axis] ?? 0)));
  return [...Array.from({ length: rank - shape.length }, () => 0), ...own];
}

/** Elements of a constant, each found by an offset and a step along each axis of the result. */
export function pick(source: Constant, shape: readonly number[], offset: number, steps: readonly number[]): Constant {
  const size = sizeOf(shape);
  const values = source.isInteger ? new Float64Array(size) : new Float32Array(size);
  pickElements(values, source.values, shape, offset, steps);
  return { ...source, shape, values };
}

/** Stretches axes of length 1. */
export function expanded(use: NodeUse, constant: Constant, shape: readonly number[]): Constant {
  checkSize(use, shape);
  if (shape.length < constant.shape.length) return use.refuse("stretching to fewer axes");
  return pick(constant, shape, 0, strides(constant.shape, shape.length));
}

/** Axes in another order. */
export function transposed(constant: Constant, axes: readonly number[]): Constant {
  const steps = stridesOf(constant.shape);
  const shape = axes.map((axis) => constant.shape[axis] ?? 1);
  return pick(
    constant,
    shape,
    0,
    axes.map((axis) => steps[axis] ?? 0),
  );
}

export function reshapedConstant(constant: Constant, shape: readonly number[]): Constant {
  return { ...constant, shape };
}
