import { describeValue } from "../text/describe-value.ts";
import { ShapeError } from "../errors.ts";

/** Length of each axis; `null` is an axis known only when data arrives, as the batch axis in Keras. */
export type Shape = readonly (number | null)[];

/** A shape without unknown axes. */
export type FixedShape = readonly number[];

/** Number of elements: the product of the lengths; 1 for rank 0. */
export function sizeOf(shape: FixedShape): number {
  requireLengths("sizeOf", shape);
  return shape.reduce((size, length) => size * length, 1);
}

/** @throws {ShapeError} a shape, as plain JavaScript may pass it, is not a list of lengths. */
function requireLengths(owner: string, shape: Shape): void {
  if (Array.isArray(shape) && shape.every((length) => length === null || typeof length === "number")) return;
  throw new ShapeError(owner, "shape", "a list of lengths", describeValue(shape));
}

/** Row-major strides in elements: `stridesOf([3, 2, 5])` is `[10, 5, 1]`. */
export function stridesOf(shape: FixedShape): number[] {
  requireLengths("stridesOf", shape);
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis] ?? 1;
  }
  return strides;
}

/** Whether rank and every length agree; `null` equals only `null`. */
export function shapesEqual(a: Shape, b: Shape): boolean {
  for (const shape of [a, b]) requireLengths("shapesEqual", shape);
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/** Whether data of shape `actual` may enter where `expected` is asked for: `null` on either side accepts any length. */
export function shapeAccepts(expected: Shape, actual: Shape): boolean {
  for (const shape of [expected, actual]) requireLengths("shapeAccepts", shape);
  return (
    expected.length === actual.length &&
    expected.every((length, axis) => length === null || actual[axis] === null || length === actual[axis])
  );
}

/** As Keras prints it: `(None, 26, 26, 32)`, `(10,)`, `()`. */
export function formatShape(shape: Shape): string {
  requireLengths("formatShape", shape);
  const lengths = shape.map((length) => (length === null ? "None" : String(length)));
  return lengths.length === 1 ? `(${lengths[0]},)` : `(${lengths.join(", ")})`;
}

/**
 * The shape two operands share after broadcasting: lengths are aligned at the last axis, and 1 stretches.
 *
 * @throws {ShapeError} two aligned lengths differ and neither is 1.
 */
export function broadcastShapes(a: FixedShape, b: FixedShape): number[] {
  for (const shape of [a, b]) requireLengths("broadcastShapes", shape);
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new ShapeError("broadcastShapes", "operands", `broadcastable with ${formatShape(a)}`, formatShape(b));
    }
    return left === 1 ? right : left;
  });
}

/**
 * Replaces the one `-1` of a target shape by the length that keeps the number of elements.
 *
 * @throws {ShapeError} more than one `-1`, or no length fits `size` elements.
 */
export function resolveReshape(size: number, target: FixedShape): number[] {
  requireLengths("reshape", target);
  if (!Number.isInteger(size)) throw new ShapeError("reshape", "size", "an integer", describeValue(size));
  const unknown = target.filter((length) => length === -1).length;
  const known = target.reduce((product, length) => (length === -1 ? product : product * length), 1);
  const invalid = target.some((length) => length < -1 || !Number.isInteger(length));
  const fits = unknown === 0 ? known === size : unknown === 1 && known > 0 && size % known === 0;
  if (invalid || !fits) {
    throw new ShapeError("reshape", "target shape", `of ${size} elements with at most one -1`, formatShape(target));
  }
  return target.map((length) => (length === -1 ? size / known : length));
}
