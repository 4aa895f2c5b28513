import { channelsLast } from "../../layouts.ts";
import type { NodeReader, NodeUse, Tensor } from "../node-use.ts";
import { globalPool } from "./pooling.ts";

const resize: NodeReader = (use) => {
  const input = use.image(use.tensor(0));
  const lengths = use.spatial(input);
  const isOld = use.node.operator === "Upsample" || use.opset < 11;
  const scales = use.numbers(isOld ? 1 : 2, "scales") ?? [];
  const sizes = isOld ? undefined : use.numbers(3, "sizes");
  if (use.node.attributes.has("axes") || use.number("antialias", 0) !== 0) return use.refuse("axes or antialias");
  if (use.text("keep_aspect_ratio_policy", "stretch") !== "stretch") return use.refuse("keep_aspect_ratio_policy");
  const isMoved = sizes === undefined ? scales.slice(0, 2).some((scale) => scale !== 1) : sizes[1] !== input.shape[1];
  if (isMoved || (sizes ?? scales).length !== lengths.length + 2) return use.refuse("resizing of batch or channels");
  const factors = lengths.map((length, axis) =>
    sizes === undefined ? (scales[axis + 2] ?? 1) : (sizes[axis + 2] ?? 0) / (length ?? Number.NaN),
  );
  if (factors.every((factor) => factor === 1)) return input;
  const mode = use.text("mode", "nearest");
  const isWhole = factors.every((factor) => Number.isInteger(factor) && factor >= 1);
  const output =
    mode === "nearest"
      ? nearest(use, input, factors, isWhole, isOld)
      : linear(use, input, { factors, isWhole, isOld, mode });
  // Cubic curves swing below 0.
  return { ...output, isPositive: mode !== "cubic" && input.isPositive };
};

function nearest(use: NodeUse, input: Tensor, factors: readonly number[], isWhole: boolean, isOld: boolean): Tensor {
  const rank = factors.length;
  const where = isOld ? "asymmetric" : use.text("coordinate_transformation_mode", "half_pixel");
  const rounding = isOld ? "floor" : use.text("nearest_mode", "round_prefer_floor");
  const repeats =
    where === "asymmetric"
      ? rounding === "floor" || (rounding === "round_prefer_floor" && factors.every((factor) => factor <= 2))
      : where.includes("half_pixel") && !["floor", "ceil"].includes(rounding);
  if (isWhole && repeats) {
    const size = rank === 1 ? factors[0] : factors;
    return use.layer(`UpSampling${rank}D`, { size }, [input], channelsLast(rank + 2));
  }
  if (rank === 2 && where === "half_pixel" && rounding === "round_prefer_ceil")
    return toSize(use, input, factors, "nearest");
  return use.refuse(`mode nearest, ${where}, ${rounding} by ${factors.join("x")}`);
}

function linear(
  use: NodeUse,
  input: Tensor,
  {
    factors,
    isWhole,
    isOld,
    mode,
  }: { readonly factors: readonly number[]; readonly isWhole: boolean; readonly isOld: boolean; readonly mode: string },
): Tensor {
  const where = isOld ? "asymmetric" : use.text("coordinate_transformation_mode", "half_pixel");
  const isHalf = where === "half_pixel" || where === "pytorch_half_pixel" || where === "half_pixel_symmetric";
  const isCubic =
    mode === "cubic" && use.number("cubic_coeff_a", -0.75) === -0.5 && use.number("exclude_outside", 0) === 1;
  // Weights of other factors are rounded in Keras.
  if (
    isCubic &&
    isHalf &&
    factors.length === 2 &&
    factors.every((factor) => Number.isInteger(Math.log2(factor)) && factor >= 1)
  ) {
    return use.layer("UpSampling2D", { size: factors, interpolation: "bicubic" }, [input], channelsLast(4));
  }
  if (mode !== "linear" || factors.length !== 2 || !isHalf) return use.refuse(`mode ${mode}, ${where}`);
  const shrinksToOne = use.spatial(input).some((length, axis) => (length ?? 2) * (factors[axis] ?? 1) < 1.5);
  if (where === "pytorch_half_pixel" && shrinksToOne) return use.refuse("pytorch_half_pixel to a length of 1");
  if (isWhole) return use.layer("UpSampling2D", { size: factors, interpolation: "bilinear" }, [input], channelsLast(4));
  return toSize(use, input, factors, "bilinear");
}

function toSize(use: NodeUse, input: Tensor, factors: readonly number[], interpolation: string): Tensor {
  const [height = 0, width = 0] = use
    .spatial(input)
    .map((length, axis) => (length ?? use.refuse("resizing of open lengths")) * (factors[axis] ?? 1));
  const [rows, columns] = [Math.round(height), Math.round(width)];
  // Where a scale does not lead to a whole length, ONNX computes with the scale, and other programs with the lengths.
  if (Math.abs(rows - height) > 1e-4 || Math.abs(columns - width) > 1e-4)
    return use.refuse(`scales ${factors.join("x")}`);
  return use.layer("Resizing", { height: rows, width: columns, interpolation }, [input], channelsLast(4));
}

/** Operations of `keras.ops` that make one number of several, by ONNX's names. */
const reductions: Readonly<Record<string, string>> = {
  ReduceMean: "Mean",
  ReduceSum: "Sum",
  ReduceMax: "Max",
  ReduceMin: "Min",
};

const reduce: NodeReader = (use) => {
  const tensor = use.settled(use.tensor(0));
  const rank = tensor.shape.length;
  const given = use.numbers(1, "axes");
  if (given === undefined || given.length === 0) {
    return use.number("noop_with_empty_axes", 0) === 1
      ? tensor
      : use.refuse("reduction of all axes, the batch among them");
  }
  const axes = given.map((axis) => use.axis(axis, rank));
  const keeps = use.number("keepdims", 1) === 1;
  const spatial = Array.from({ length: rank - 2 }, (_, axis) => axis + 2);
  const isSpatial =
    rank > 2 && rank < 6 && axes.length === spatial.length && spatial.every((axis) => axes.includes(axis));
  const name = reductions[use.node.operator] ?? "";
  if (isSpatial && (name === "Mean" || name === "Max") && tensor.order.join() === channelsLast(rank).join()) {
    return globalPool(use, name === "Max" ? "Max" : "Average", tensor, keeps);
  }
  const places = axes.map((axis) => tensor.order.indexOf(axis)).toSorted((a, b) => a - b);
  const left = keeps ? tensor.order : tensor.order.filter((axis) => !axes.includes(axis));
  const ascending = left.toSorted((a, b) => a - b);
  const order = left.map((axis) => ascending.indexOf(axis));
  const output = use.operation(name, [tensor.keras], order, { axis: places, keepdims: keeps });
  return { ...output, isPositive: tensor.isPositive };
};

export const imageOperators: Readonly<Record<string, NodeReader>> = {
  Resize: resize,
  Upsample: resize,
  ReduceMean: reduce,
  ReduceSum: reduce,
  ReduceMax: reduce,
  ReduceMin: reduce,
};
