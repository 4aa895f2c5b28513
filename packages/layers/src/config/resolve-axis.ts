import { type Shape, ShapeError, formatShape } from "@featuremap/tensor";

/**
 * Axes counted from the first, in ascending order.
 *
 * @throws {ShapeError} the shape has no such axis, or one is named twice.
 */
export function resolveAxis(owner: string, axes: readonly number[], shape: Shape): readonly number[] {
  const resolved = axes.map((axis) => (axis < 0 ? axis + shape.length : axis)).toSorted((a, b) => a - b);
  const fits = resolved.every((axis, index) => axis >= 0 && axis < shape.length && axis !== resolved[index - 1]);
  if (!fits) throw new ShapeError(owner, "input", `a shape with axes ${axes.join(", ")}`, formatShape(shape));
  return resolved;
}
