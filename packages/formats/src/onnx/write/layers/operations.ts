import { HostArray, type NestedNumbers, type Shape, sizeOf } from "@featuremap/tensor";
import { isObject } from "../../../reading/json.ts";
import { transpose } from "../../../tensors/fill-from-store.ts";
import { activated, clip, gelu } from "../activations.ts";
import { type GraphBuilder, type Value, farEnd } from "../graph-builder.ts";
import type { LayerUse, LayerWriter } from "../layer-use.ts";
import { isPlain, plainOrder } from "../../layouts.ts";
import { relu, softmax } from "./activating.ts";
import { commonOrder, concatenate } from "./merging.ts";
import { axesOf, placesOf } from "./normalization.ts";
import { permute, reshape } from "./reshaping.ts";

/** A tensor of the graph, or numbers in its place. */
type Operand = Value | number | HostArray;

/** What the operation was given, tensors and numbers by place. */
function operandsOf(use: LayerUse): readonly Operand[] {
  return use.layer.serializeArguments(use.inputs).map((argument) => {
    if (typeof argument === "number" || use.inputs.includes(argument as Value)) return argument as Operand;
    const config = isObject(argument) ? argument["config"] : undefined;
    return isObject(config)
      ? HostArray.from(config["value"] as NestedNumbers)
      : use.refuse("an argument of a kind unknown here");
  });
}

function isValue(operand: Operand): operand is Value {
  return typeof operand !== "number" && !(operand instanceof HostArray);
}

/** Numbers with as many axes as a tensor in the file, in its order. */
function constant(builder: GraphBuilder, array: HostArray, order: readonly number[]): string {
  const missing = order.length - array.rank;
  const shape = [...Array.from({ length: Math.max(missing, 0) }, () => 1), ...array.shape];
  const values = Float32Array.from(array.data);
  if (missing < 0 || isPlain(order)) return builder.floats(values, missing < 0 ? array.shape : shape);
  const turned = transpose(values, shape, order);
  return builder.floats(
    turned,
    order.map((axis) => shape[axis] ?? 1),
  );
}

/** Operands that broadcast as in NumPy. */
function binary(write: (builder: GraphBuilder, a: string, b: string) => string): LayerWriter {
  return (use) => {
    const { builder } = use;
    const operands = operandsOf(use);
    const rank = use.shape.length;
    const values = operands.filter(isValue);
    const isEven = operands.every((operand) => {
      if (typeof operand === "number") return true;
      return isValue(operand) ? operand.shape.length === rank : operand.rank <= rank;
    });
    const order = isEven
      ? commonOrder(
          values.map((value) => builder.settled(value)),
          rank,
        )
      : plainOrder(rank);
    const [a = "", b = ""] = operands.map((operand) => {
      if (typeof operand === "number") return builder.number(operand);
      if (!isValue(operand)) return constant(builder, operand, isEven ? order : plainOrder(operand.rank));
      return isEven ? builder.ordered(operand, order) : builder.plain(operand);
    });
    return { name: write(builder, a, b), shape: use.shape, order };
  };
}

function unary(write: (builder: GraphBuilder, x: string) => string): LayerWriter {
  return (use) => {
    const input = use.builder.settled(use.input);
    return use.like(input, write(use.builder, input.name));
  };
}

const operator = (name: string): LayerWriter => unary((builder, x) => builder.node(name, [x]));
const named =
  (name: string): LayerWriter =>
  (use) =>
    activated(use.builder, use.input, name);
const joined = (name: string): LayerWriter => binary((builder, a, b) => builder.node(name, [a, b]));

function reduction(name: "ReduceMean" | "ReduceSum" | "ReduceMax" | "ReduceMin"): LayerWriter {
  return (use) => {
    const { builder } = use;
    const input = builder.settled(use.input);
    const rank = input.shape.length;
    const given = use.options["axis"] ?? null;
    const axes = axesOf(given === null ? plainOrder(rank) : use.numbers("axis"), rank);
    const places = placesOf(axes, input.order);
    const keepdims = use.isOn("keepdims") ? 1 : 0;
    const output =
      name === "ReduceSum"
        ? builder.node(name, [input.name, builder.integers(places)], { keepdims })
        : builder.node(name, [input.name], { axes: places, keepdims });
    if (keepdims === 1) return use.like(input, output);
    const left = input.order.filter((axis) => !axes.includes(axis));
    const ascending = left.toSorted((a, b) => a - b);
    return { name: output, shape: use.shape, order: left.map((axis) => ascending.indexOf(axis)) };
  };
}

/** Takes parts: Python's `x[:, 1:3, 0, ..., None]`. */
const getItem: LayerWriter = (use) => {
  const { builder, input } = use;
  const rank = input.shape.length;
  const [, given] = use.layer.serializeArguments([input]);
  const items: unknown[] = Array.isArray(given) ? given : use.refuse("items of a kind unknown here");
  const isRest = (item: unknown): boolean => isObject(item) && item["class_name"] === "__ellipsis__";
  const taking = items.filter((item) => item !== null && !isRest(item)).length;
  const rest = Array.from({ length: rank - taking }, () => "whole");
  const all = items.some(isRest) ? items.flatMap((item) => (isRest(item) ? rest : [item])) : [...items, ...rest];
  const limits: Record<"starts" | "ends" | "axes" | "steps", number[]> = { starts: [], ends: [], axes: [], steps: [] };
  const removed: number[] = [];
  const added: number[] = [];
  let [axis, place] = [0, 0];
  for (const item of all) {
    if (item === null) added.push(place++);
    else if (typeof item === "number") {
      cut(limits, axis, item, item === -1 ? farEnd : item + 1, 1);
      removed.push(axis++);
    } else {
      const config = isObject(item) && isObject(item["config"]) ? item["config"] : {};
      const step = Number(config["step"] ?? 1);
      const start = Number(config["start"] ?? (step > 0 ? 0 : farEnd));
      const end = Number(config["stop"] ?? (step > 0 ? farEnd : -farEnd));
      if (step !== 1 || start !== 0 || end !== farEnd) cut(limits, axis, start, end, step);
      axis++;
      place++;
    }
  }
  let name = builder.plain(input);
  if (limits.axes.length > 0) {
    const { starts, ends, axes, steps } = limits;
    name = builder.node("Slice", [name, ...[starts, ends, axes, steps].map((numbers) => builder.integers(numbers))]);
  }
  if (removed.length > 0) name = builder.node("Squeeze", [name, builder.integers(removed)]);
  if (added.length > 0) name = builder.node("Unsqueeze", [name, builder.integers(added)]);
  return use.plainly(name);
};

function cut(
  limits: Record<"starts" | "ends" | "axes" | "steps", number[]>,
  axis: number,
  start: number,
  end: number,
  step: number,
): void {
  limits.starts.push(start);
  limits.ends.push(end);
  limits.axes.push(axis);
  limits.steps.push(step);
}

const reshapeOperation: LayerWriter = (use) => {
  const { shape } = use;
  const own = sizeOf(shape.slice(1).map((length) => length ?? 0));
  const given: Shape = use.input.shape.slice(1);
  if (given.every((length) => length !== null) && sizeOf(given) === own) return reshape(use, shape);
  const target = [-1, ...shape.slice(1).map((length) => length ?? use.refuse("reshaping to open lengths"))];
  return use.plainly(use.builder.node("Reshape", [use.builder.plain(use.input), use.builder.integers(target)]));
};

/** Operations of `keras.ops` by class name. */
export const operations: Readonly<Record<string, LayerWriter>> = {
  Add: joined("Add"),
  Subtract: joined("Sub"),
  Multiply: joined("Mul"),
  Divide: joined("Div"),
  TrueDivide: joined("Div"),
  Mod: binary((builder, a, b) => {
    const whole = builder.node("Floor", [builder.node("Div", [a, b])]);
    return builder.node("Sub", [a, builder.node("Mul", [whole, b])]);
  }),
  FloorDivide: binary((builder, a, b) => builder.node("Floor", [builder.node("Div", [a, b])])),
  Power: joined("Pow"),
  Maximum: joined("Max"),
  Minimum: joined("Min"),
  Negative: operator("Neg"),
  Absolute: operator("Abs"),
  Abs: operator("Abs"),
  Exp: operator("Exp"),
  Log: operator("Log"),
  Sqrt: operator("Sqrt"),
  Rsqrt: unary((builder, x) => builder.node("Reciprocal", [builder.node("Sqrt", [x])])),
  Square: unary((builder, x) => builder.node("Mul", [x, x])),
  Clip: (use) => unary((builder, x) => clip(builder, x, use.number("x_min"), use.number("x_max")))(use),
  Mean: reduction("ReduceMean"),
  Sum: reduction("ReduceSum"),
  Max: reduction("ReduceMax"),
  Min: reduction("ReduceMin"),
  Reshape: reshapeOperation,
  Transpose: (use) => {
    const rank = use.input.shape.length;
    const given = use.options["axes"] ?? null;
    return permute(use, given === null ? plainOrder(rank).toReversed() : axesOf(use.numbers("axes"), rank));
  },
  GetItem: getItem,
  Concatenate: concatenate,
  ReLU: relu,
  Relu: named("relu"),
  Relu6: named("relu6"),
  Sigmoid: named("sigmoid"),
  HardSigmoid: named("hard_sigmoid"),
  LogSigmoid: named("log_sigmoid"),
  Silu: named("silu"),
  HardSilu: named("hard_silu"),
  Selu: named("selu"),
  Softplus: named("softplus"),
  Softsign: named("softsign"),
  Tanh: named("tanh"),
  HardTanh: named("hard_tanh"),
  Gelu: (use) => unary((builder, x) => gelu(builder, x, use.options["approximate"] !== false))(use),
  Elu: (use) => unary((builder, x) => builder.node("Elu", [x], { alpha: Number(use.options["alpha"] ?? 1) }))(use),
  LeakyRelu: (use) =>
    unary((builder, x) => builder.node("LeakyRelu", [x], { alpha: Number(use.options["negative_slope"] ?? 0.2) }))(use),
  Softmax: (use) => softmax(use),
  LogSoftmax: (use) => softmax(use, true),
};
