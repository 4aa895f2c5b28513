import {
  type Constraint,
  DepthwiseConv2D,
  type Layer,
  MaxNorm,
  MinMaxNorm,
  NonNeg,
  UnitNorm,
} from "@featuremap/layers";
import { type HostArray, sizeOf } from "@featuremap/tensor";
import { transpose } from "../tensors/fill-from-store.ts";

/** Relative to a length; TensorFlow.js changes weights by no more than this if they keep to their constraint. */
const tolerance = 1e-5;

/**
 * The constraints that weights do not keep to, as those of an initializer may not before the first step: `layer/kernel_constraint`.
 *
 * TensorFlow.js applies a constraint whenever it writes a weight, also on loading, and would predict with other weights then.
 */
export async function brokenConstraints(layers: readonly Layer[]): Promise<ReadonlySet<string>> {
  const broken = new Set<string>();
  for (const layer of layers) {
    for (const weight of layer.weights) {
      const { constraint, name } = weight;
      if (constraint === null || keepsTo(constraint, await weight.read())) continue;
      const isDepths = layer instanceof DepthwiseConv2D && name === "kernel";
      broken.add(`${layer.name}/${isDepths ? "depthwise" : name.replace(/_kernel$/, "")}_constraint`);
    }
  }
  return broken;
}

function keepsTo(constraint: Constraint, weight: HostArray<Float32Array>): boolean {
  if (constraint instanceof NonNeg) return weight.data.every((value) => value >= 0);
  const [least, most] = rangeOf(constraint);
  const axes = "axis" in constraint ? ([constraint.axis].flat() as number[]) : [];
  return lengthsOf(weight, axes).every(
    (length) => length >= least * (1 - tolerance) && length <= most * (1 + tolerance),
  );
}

/** Of the lengths of vectors; those of the user's own constraints are not known. */
function rangeOf(constraint: Constraint): readonly [least: number, most: number] {
  if (constraint instanceof UnitNorm) return [1, 1];
  if (constraint instanceof MaxNorm) return [0, constraint.maxValue];
  if (constraint instanceof MinMaxNorm) return [constraint.minValue, constraint.maxValue];
  return [0, Number.POSITIVE_INFINITY];
}

/** Lengths of the vectors along some axes. */
function lengthsOf({ data, shape }: HostArray<Float32Array>, axes: readonly number[]): readonly number[] {
  const along = new Set(axes.map((axis) => (axis < 0 ? axis + shape.length : axis)));
  const others = [...shape.keys()].filter((axis) => !along.has(axis));
  const rows = transpose(data, shape, [...others, ...along]);
  const size = sizeOf([...along].map((axis) => shape[axis] ?? 1));
  return Array.from({ length: rows.length / size }, (_, row) =>
    Math.sqrt(rows.subarray(row * size, (row + 1) * size).reduce((sum, value) => sum + value ** 2, 0)),
  );
}
