import type { DataType } from "@tensorflow/tfjs-core";
import type { WasmBackend } from "../../engine/backend.ts";
import { MOST_AXES } from "../../codes/walk.ts";

/** Sizes of elements that kernels move, as powers of two in bytes; none for data types kept on the host. */
const SHIFTS: Partial<Record<DataType, number>> = { float32: 2, int32: 2, bool: 0 };

/** An axis of a walk through two operands: its length, and how many elements each operand moves along it. */
export interface WalkAxis {
  readonly length: number;
  readonly first: number;
  readonly second: number;
}

/** Bytes of an element as a power of two; `undefined` for data types that have no place in the memory. */
export function elementShift(dtype: DataType): number | undefined {
  return SHIFTS[dtype];
}

/** Elements from one index to the next along each axis of a dense tensor. */
export function denseStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  }
  return strides;
}

/** Strides in elements along the output's axes: 0 where the operand is repeated. */
export function broadcastStrides(shape: readonly number[], output: readonly number[]): number[] {
  const own = denseStrides(shape).map((stride, axis) => (shape[axis] === 1 ? 0 : stride));
  return [...new Array<number>(output.length - shape.length).fill(0), ...own];
}

/** The fewest axes of the same walk: axes of length 1 go, and neighbours that continue each other merge. */
export function mergeAxes(axes: readonly WalkAxis[]): WalkAxis[] {
  const merged: WalkAxis[] = [];
  for (const axis of axes) {
    if (axis.length === 1) continue;
    const last = merged.at(-1);
    const continues =
      last !== undefined && last.first === axis.first * axis.length && last.second === axis.second * axis.length;
    if (continues) merged[merged.length - 1] = { ...axis, length: last.length * axis.length };
    else merged.push(axis);
  }
  return merged;
}

/** The bits of a number as an element, converted as typed arrays convert. */
export function elementBits(value: number, dtype: DataType): number {
  if (dtype !== "float32") return value | 0;
  return new Int32Array(Float32Array.of(value).buffer)[0] ?? 0;
}

/** Describes the outer axes of the next job, with strides in bytes; returns how many steps they have together. */
export function setWalk(
  axes: readonly WalkAxis[],
  firstShift: number,
  secondShift: number,
  backend: WasmBackend,
): number {
  if (axes.length > MOST_AXES) throw new RangeError(`A walk has at most ${MOST_AXES} axes, received ${axes.length}.`);
  let steps = 1;
  for (const [index, { length, first, second }] of axes.entries()) {
    backend.kernels.setWalkAxis(index, length, first << firstShift, second << secondShift);
    steps *= length;
  }
  return steps;
}
