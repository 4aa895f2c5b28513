import { channelsLast, plainOrder } from "../../layouts.ts";
import type { NodeReader, NodeUse, Tensor } from "../node-use.ts";
import { globalPool } from "./global-pooling.ts";

/** What becomes of the elements, how they are brought together, and what becomes of the result. */
interface Reduction {
  readonly before?: string | undefined;
  readonly name: string;
  readonly after?: string | undefined;
}

/** By operations of `keras.ops`. */
const reductions: Readonly<Record<string, Reduction>> = {
  ReduceMean: { name: "Mean" },
  ReduceSum: { name: "Sum" },
  ReduceMax: { name: "Max" },
  ReduceMin: { name: "Min" },
  ReduceL1: { before: "Absolute", name: "Sum" },
  ReduceL2: { before: "Square", name: "Sum", after: "Sqrt" },
  ReduceSumSquare: { before: "Square", name: "Sum" },
  ReduceLogSum: { name: "Sum", after: "Log" },
  // Of the differences from the largest, which is added again.
  ReduceLogSumExp: { before: "Exp", name: "Sum", after: "Log" },
};

const reduce: NodeReader = (use) => {
  const { operator } = use.node;
  const tensor = use.settled(use.tensor(0));
  const rank = tensor.shape.length;
  const given = use.numbers(1, "axes");
  if (given === undefined || given.length === 0) {
    if (use.number("noop_with_empty_axes", 0) !== 1) return use.refuse("reduction of all axes, the batch among them");
    return elementwise(use, reductions[operator] ?? { name: "" }, tensor);
  }
  const axes = given.map((axis) => use.axis(axis, rank));
  const keeps = use.number("keepdims", 1) === 1;
  const { before, name, after } = reductions[operator] ?? { name: "" };
  const isPositive = before !== undefined || tensor.isPositive;
  if (operator === "ReduceLogSumExp") return logarithmOfSum(use, tensor, axes, keeps);
  const changed = before === undefined ? tensor : use.operation(before, [tensor.keras], tensor.order);
  const reduced = reducedBy(use, name, changed, axes, keeps);
  if (after === undefined) return { ...reduced, isPositive };
  return { ...use.operation(after, [reduced.keras], reduced.order), isPositive: after === "Sqrt" };
};

/** Of each element by itself. */
function elementwise(use: NodeUse, { before, after }: Reduction, tensor: Tensor): Tensor {
  return [before, after].reduce(
    (result, name) => (name === undefined ? result : use.operation(name, [result.keras], result.order)),
    tensor,
  );
}

/** @param axes of the file */
export function reducedBy(use: NodeUse, name: string, tensor: Tensor, axes: readonly number[], keeps: boolean): Tensor {
  const rank = tensor.shape.length;
  const spatial = plainOrder(rank).slice(2);
  const isSpatial =
    rank > 2 && rank < 6 && axes.length === spatial.length && spatial.every((axis) => axes.includes(axis));
  if (isSpatial && (name === "Mean" || name === "Max") && tensor.order.join() === channelsLast(rank).join()) {
    return globalPool(use, name === "Max" ? "Max" : "Average", tensor, keeps);
  }
  const places = axes.map((axis) => tensor.order.indexOf(axis)).toSorted((a, b) => a - b);
  const left = keeps ? tensor.order : tensor.order.filter((axis) => !axes.includes(axis));
  const ascending = left.toSorted((a, b) => a - b);
  const order = left.map((axis) => ascending.indexOf(axis));
  return use.operation(name, [tensor.keras], order, { axis: places, keepdims: keeps });
}

function logarithmOfSum(use: NodeUse, tensor: Tensor, axes: readonly number[], keeps: boolean): Tensor {
  const { order } = tensor;
  const largest = reducedBy(use, "Max", tensor, axes, true);
  const powers = use.operation("Exp", [use.operation("Subtract", [tensor.keras, largest.keras], order).keras], order);
  const sum = reducedBy(use, "Sum", powers, axes, keeps);
  const logarithm = use.operation("Log", [sum.keras], sum.order);
  const added = keeps ? largest : reducedBy(use, "Max", tensor, axes, false);
  return use.operation("Add", [logarithm.keras, added.keras], sum.order);
}

export const reducing: Readonly<Record<string, NodeReader>> = Object.fromEntries(
  Object.keys(reductions).map((operator) => [operator, reduce]),
);
