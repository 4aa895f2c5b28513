import { type FixedShape, ShapeError, formatShape, shapesEqual } from "@featuremap/tensor";

const takesIndices =
  '"sparseCategoricalCrossentropy" and the like take class indices; oneHot of @featuremap/datasets, or labelMode: "categorical" of its batches, makes rows of them';
const takesRows = '"categoricalCrossentropy" and the like take one-hot rows';

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
  if (shapesEqual(aligned, output)) return output;
  const areIndices = shapesEqual(dropped.at(-1) === 1 ? dropped.slice(0, -1) : dropped, output.slice(0, -1));
  const remedy = areIndices ? ` (${takesIndices})` : "";
  throw new ShapeError(owner, "labels", formatShape(output) + remedy, formatShape(target));
}

/** Shapes in which a target and an output stand beside each other. */
export interface PairedShapes {
  readonly target: FixedShape;
  readonly output: FixedShape;
}

/**
 * The shapes that a target and an output take beside each other: as {@link alignedTargetShape}, but `[batch]` of outputs
 * becomes `[batch, 1]` beside targets that have that axis, so that each example keeps a loss of its own.
 *
 * @param owner who asks, for the error
 * @param repeats whether a target may have axes of length 1 that stand for all of the output's
 * @throws {ShapeError} the two hold different numbers of values.
 */
export function pairedShapes(owner: string, target: FixedShape, output: FixedShape, repeats: boolean): PairedShapes {
  if (repeats && target.length === output.length) {
    if (target.every((length, axis) => length === output[axis] || length === 1)) return { target, output };
  }
  const aligned = alignedTargetShape(owner, target, output);
  return target.length === 2 && output.length === 1 ? { target, output: target } : { target: aligned, output };
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
  if (shapesEqual(dropped, rows)) return rows;
  const remedy = shapesEqual(labels, output) ? ` (${takesRows})` : "";
  throw new ShapeError(owner, "labels", formatShape(rows) + remedy, formatShape(labels));
}
