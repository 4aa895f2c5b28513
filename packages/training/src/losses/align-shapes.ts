import { type FixedShape, ShapeError, formatShape, shapesEqual } from "@featuremap/tensor";

/**
 * The shape a target takes to stand beside an output, as Keras aligns them: one last axis of length 1 is added or
 * dropped where the ranks differ by one.
 *
 * @param owner who asks, for the error
 * @throws {ShapeError} the two hold different numbers of values.
 */
export function alignedTargetShape(owner: string, target: FixedShape, output: FixedShape): FixedShape {
  const dropped = target.length === output.length + 1 && target.at(-1) === 1 ? target.slice(0, -1) : target;
  const aligned = dropped.length === output.length - 1 && output.at(-1) === 1 ? [...dropped, 1] : dropped;
  if (!shapesEqual(aligned, output)) throw new ShapeError(owner, "labels", formatShape(output), formatShape(target));
  return output;
}

/**
 * The shape class indices take beside an output `[..., classes]`: `[...]`, without a last axis of length 1.
 *
 * @param owner who asks, for the error
 * @throws {ShapeError} the labels do not stand one to each row of the output.
 */
export function alignedLabelShape(owner: string, labels: FixedShape, output: FixedShape): FixedShape {
  const rows = output.slice(0, -1);
  const dropped = labels.length === output.length && labels.at(-1) === 1 ? labels.slice(0, -1) : labels;
  if (!shapesEqual(dropped, rows)) throw new ShapeError(owner, "labels", formatShape(rows), formatShape(labels));
  return rows;
}
