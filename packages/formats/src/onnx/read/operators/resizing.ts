import { channelsLast } from "../../layouts.ts";
import { type NodeReader, type NodeUse, type Tensor } from "../node-use.ts";
import { type AxisLengths, type Sampling, samplingMatrix } from "./sampling.ts";
import { mostNumbers, numbers } from "./items.ts";

const resize: NodeReader = (use) => {
  const given = use.settled(use.tensor(0));
  const rank = given.shape.length;
  const isOld = use.node.operator === "Upsample" || use.opset < 11;
  const stated = use.numbers(isOld ? 1 : 2, "scales") ?? [];
  const sizes = isOld ? undefined : use.numbers(3, "sizes");
  if (use.text("keep_aspect_ratio_policy", "stretch") !== "stretch") return use.refuse("keep_aspect_ratio_policy");
  const axes = use
    .list(
      "axes",
      given.shape.map((_, axis) => axis),
    )
    .map((axis) => (axis < 0 ? axis + rank : axis));
  if ((sizes ?? stated).length !== axes.length) return use.refuse("as many scales or sizes as axes");
  const batch = axes.indexOf(0);
  const isMoved = sizes === undefined ? (stated[batch] ?? 1) !== 1 : !isBatch(use, sizes[batch]);
  if (batch !== -1 && isMoved) return use.refuse("resizing of the batch");
  const scales = given.shape.map((length, axis) => {
    const place = axes.indexOf(axis);
    if (axis === 0 || place === -1) return 1;
    if (sizes === undefined) return stated[place] ?? 1;
    return sizes[place] === length ? 1 : (sizes[place] ?? 0) / (length ?? use.refuse("sizes of open lengths"));
  });
  if (scales.every((scale) => scale === 1)) return given;
  const sampling = samplingOf(use, isOld);
  const output = asLayer(use, given, scales, sampling) ?? asProducts(use, given, scales, sampling);
  // Cubic curves swing below 0.
  return { ...output, isPositive: sampling.mode !== "cubic" && given.isPositive };
};

function isBatch(use: NodeUse, length: number | undefined): boolean {
  return length === undefined || Number.isNaN(length) || length === use.reading.batch;
}

function samplingOf(use: NodeUse, isOld: boolean): Sampling {
  return {
    mode: use.text("mode", "nearest").replace("bilinear", "linear"),
    where: isOld ? "asymmetric" : use.text("coordinate_transformation_mode", "half_pixel"),
    rounding: isOld ? "floor" : use.text("nearest_mode", "round_prefer_floor"),
    bend: use.number("cubic_coeff_a", -0.75),
    excludesOutside: use.number("exclude_outside", 0) === 1,
    antialiases: use.number("antialias", 0) === 1,
  };
}

/** Where a layer of Keras computes the same, by it. */
function asLayer(use: NodeUse, given: Tensor, scales: readonly number[], sampling: Sampling): Tensor | undefined {
  const rank = given.shape.length;
  const factors = scales.slice(2);
  if (rank < 3 || rank > 5 || scales[1] !== 1 || sampling.antialiases) return undefined;
  const { mode, where, rounding, bend } = sampling;
  const isWhole = factors.every((factor) => Number.isInteger(factor) && factor >= 1);
  const isHalf = where === "half_pixel" || where === "pytorch_half_pixel" || where === "half_pixel_symmetric";
  const order = channelsLast(rank);
  if (mode === "nearest" && isWhole && repeats(where, rounding, factors)) {
    const size = factors.length === 1 ? factors[0] : factors;
    return use.layer(`UpSampling${factors.length}D`, { size }, [use.image(given)], order);
  }
  if (rank !== 4) return undefined;
  if (mode === "nearest" && where === "half_pixel" && rounding === "round_prefer_ceil") {
    return toSize(use, given, factors, "nearest");
  }
  const isPowerOf2 = factors.every((factor) => Number.isInteger(Math.log2(factor)) && factor >= 1);
  // Weights of other factors are rounded in Keras.
  if (mode === "cubic" && bend === -0.5 && sampling.excludesOutside && isHalf && isPowerOf2) {
    return use.layer("UpSampling2D", { size: factors, interpolation: "bicubic" }, [use.image(given)], order);
  }
  if (mode !== "linear" || !isHalf || sampling.excludesOutside) return undefined;
  if (isWhole) {
    return use.layer("UpSampling2D", { size: factors, interpolation: "bilinear" }, [use.image(given)], order);
  }
  const shrinksToOne = use.spatial(given).some((length, axis) => (length ?? 2) * (factors[axis] ?? 1) < 1.5);
  return where === "pytorch_half_pixel" && shrinksToOne ? undefined : toSize(use, given, factors, "bilinear");
}

/** Whether each element is repeated. */
function repeats(where: string, rounding: string, factors: readonly number[]): boolean {
  if (where !== "asymmetric") return where.includes("half_pixel") && !["floor", "ceil"].includes(rounding);
  return rounding === "floor" || (rounding === "round_prefer_floor" && factors.every((factor) => factor <= 2));
}

function toSize(use: NodeUse, given: Tensor, factors: readonly number[], interpolation: string): Tensor | undefined {
  const [height = 0, width = 0] = use
    .spatial(given)
    .map((length, axis) => (length ?? use.refuse("resizing of open lengths")) * (factors[axis] ?? 1));
  const [rows, columns] = [Math.round(height), Math.round(width)];
  // Where a scale does not lead to a whole length, ONNX computes with the scale, and the layer with the lengths.
  if (Math.abs(rows - height) > 1e-4 || Math.abs(columns - width) > 1e-4) return undefined;
  return use.layer("Resizing", { height: rows, width: columns, interpolation }, [use.image(given)], channelsLast(4));
}

/** Axis by axis, each by a product with a matrix. */
function asProducts(use: NodeUse, given: Tensor, scales: readonly number[], sampling: Sampling): Tensor {
  let result = given;
  for (const [axis, scale] of scales.entries()) {
    if (scale === 1) continue;
    const from = given.shape[axis] ?? use.refuse("resizing of open lengths");
    const lengths: AxisLengths = { from, scale, to: Math.floor(from * scale + 1e-4) };
    if (lengths.to < 1 || from * lengths.to > mostNumbers) return use.refuse(`resizing ${from} to ${lengths.to}`);
    const input = use.turned(result, [...result.order.filter((own) => own !== axis), axis]);
    const matrix = numbers(samplingMatrix(use, sampling, lengths));
    result = use.operation("Matmul", [input.keras, matrix], input.order);
  }
  return result;
}

export const resizings: Readonly<Record<string, NodeReader>> = { Resize: resize, Upsample: resize };
