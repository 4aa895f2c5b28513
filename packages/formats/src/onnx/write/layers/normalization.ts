import { type Shape, sizeOf } from "@featuremap/tensor";
import type { GraphBuilder, Value } from "../graph-builder.ts";
import type { LayerWriter } from "../layer-use.ts";
import { channelsFirst, isPlain, orderedLengths, plainOrder } from "../../layouts.ts";

/** Axes counted from the batch axis. */
export function axesOf(given: readonly number[], rank: number): readonly number[] {
  return given.map((axis) => (axis < 0 ? axis + rank : axis));
}

/** Axes of the model where they lie in the file, ascending. */
export function placesOf(axes: readonly number[], order: readonly number[]): readonly number[] {
  return axes.map((axis) => order.indexOf(axis)).toSorted((a, b) => a - b);
}

function scaled(builder: GraphBuilder, x: string, gamma: string | undefined, beta: string | undefined): string {
  const product = gamma === undefined ? x : builder.node("Mul", [x, gamma]);
  return beta === undefined ? product : builder.node("Add", [product, beta]);
}

const batchNormalization: LayerWriter = (use) => {
  const { builder } = use;
  const input = builder.settled(use.input);
  const [axis = 0] = axesOf([use.number("axis")], input.shape.length);
  const order = [0, axis, ...plainOrder(input.shape.length).filter((other) => other !== 0 && other !== axis)];
  const channels = [input.shape[axis] ?? 0];
  const constant = (value: number): string =>
    builder.floats(
      Array.from({ length: channels[0] ?? 0 }, () => value),
      channels,
    );
  const inputs = [
    builder.ordered(input, order),
    use.weight("gamma") ?? constant(1),
    use.weight("beta") ?? constant(0),
    use.weight("moving_mean") ?? constant(0),
    use.weight("moving_variance") ?? constant(1),
  ];
  return {
    name: builder.node("BatchNormalization", inputs, { epsilon: use.number("epsilon") }),
    shape: use.shape,
    order,
  };
};

/** `1 / sqrt(mean(x^2) + epsilon)`, of each along some axes of the file. */
function inverseRoot(builder: GraphBuilder, x: string, axes: readonly number[], epsilon: number): string {
  const squares = builder.node("ReduceMean", [builder.node("Mul", [x, x])], { axes, keepdims: 1 });
  const root = builder.node("Sqrt", [builder.node("Add", [squares, builder.number(epsilon)])]);
  return builder.node("Reciprocal", [root]);
}

const layerNormalization: LayerWriter = (use) => {
  const { builder } = use;
  const input = builder.settled(use.input);
  const rank = input.shape.length;
  const axes = axesOf(use.numbers("axis"), rank);
  const epsilon = use.number("epsilon");
  const along = (name: string): string | undefined => use.weightAlong(name, axes, input.order);
  const areLast = axes.every((axis, index) => axis === rank - axes.length + index);
  if (isPlain(input.order) && areLast && use.isOn("scale") && !use.isOn("rms_scaling")) {
    const weights = [use.weight("gamma") ?? "", use.weight("beta") ?? ""].filter((name) => name !== "");
    return use.plainly(builder.node("LayerNormalization", [input.name, ...weights], { axis: -axes.length, epsilon }));
  }
  const places = placesOf(axes, input.order);
  const mean = builder.node("ReduceMean", [input.name], { axes: places, keepdims: 1 });
  const centered = builder.node("Sub", [input.name, mean]);
  const inverse = inverseRoot(builder, centered, places, epsilon);
  const from = use.isOn("rms_scaling") ? input.name : centered;
  return use.like(input, scaled(builder, builder.node("Mul", [from, inverse]), along("gamma"), along("beta")));
};

const rmsNormalization: LayerWriter = (use) => {
  const { builder } = use;
  const input = builder.settled(use.input);
  const axes = axesOf(use.numbers("axis"), input.shape.length);
  const inverse = inverseRoot(builder, input.name, placesOf(axes, input.order), use.number("epsilon"));
  const gamma = use.weightAlong("scale", axes, input.order);
  return use.like(input, scaled(builder, builder.node("Mul", [input.name, inverse]), gamma, undefined));
};

/** Vectors of length 1 along some axes. */
export function unitLength(builder: GraphBuilder, value: Value, axes: readonly number[], least: number): string {
  const { name, order } = builder.settled(value);
  const places = placesOf(axes, order);
  const squares = builder.node("ReduceSum", [builder.node("Mul", [name, name]), builder.integers(places)], {
    keepdims: 1,
  });
  // The square of the least length may be too small for a runtime that rounds such numbers to 0, and then 0 / 0 is not 0.
  const length = builder.node("Sqrt", [builder.node("Max", [squares, builder.number(Math.max(least ** 2, 1e-37))])]);
  return builder.node("Div", [name, length]);
}

const unitNormalization: LayerWriter = (use) => {
  const input = use.builder.settled(use.input);
  const axes = axesOf(use.numbers("axis"), input.shape.length);
  return use.like(input, unitLength(use.builder, input, axes, 1e-12));
};

const layerScale: LayerWriter = (use) => {
  const input = use.builder.settled(use.input);
  const gamma = use.weightAlong("gamma", [input.shape.length - 1], input.order);
  return use.like(input, scaled(use.builder, input.name, gamma, undefined));
};

const groupNormalization: LayerWriter = (use) => {
  const { builder, input } = use;
  const rank = input.shape.length;
  const [axis = 0] = axesOf([use.number("axis")], rank);
  const order =
    axis === rank - 1
      ? channelsFirst(rank)
      : [0, axis, ...plainOrder(rank).filter((other) => other !== 0 && other !== axis)];
  const name = builder.ordered(input, order);
  const groups = use.number("groups");
  const rows = builder.node("Reshape", [name, builder.integers([0, groups, -1])]);
  const ones = builder.floats(new Float32Array(groups).fill(1), [groups]);
  const zeros = builder.floats(new Float32Array(groups), [groups]);
  const epsilon = use.number("epsilon");
  const normalized = builder.node("InstanceNormalization", [rows, ones, zeros], { epsilon });
  const back = reshapedBack(builder, normalized, name, orderedLengths(input.shape, order));
  const along = (weight: string): string | undefined => use.weightAlong(weight, [axis], order);
  return { name: scaled(builder, back, along("gamma"), along("beta")), shape: use.shape, order };
};

/** A tensor in the shape of another. */
function reshapedBack(builder: GraphBuilder, name: string, like: string, lengths: Shape): string {
  const isOpen = lengths.slice(1).includes(null);
  return isOpen ? builder.node("Reshape", [name, builder.node("Shape", [like])]) : builder.reshaped(name, lengths);
}

/** By the mean and variance of earlier data. */
const meanNormalization: LayerWriter = (use) => {
  const { builder } = use;
  const input = builder.settled(use.input);
  const axes = axesOf(use.options["axis"] === null ? [] : use.numbers("axis"), input.shape.length);
  const moments = (name: "mean" | "variance"): { readonly data: Float32Array; readonly shape: readonly number[] } => {
    const stored = use.weightValues(name);
    if (stored !== undefined) return stored;
    const values = [use.options[name]].flat(8) as number[];
    return { data: Float32Array.from(values), shape: shapeOf(use.options[name]) };
  };
  const own = axes.slice(axes.length - moments("mean").shape.length);
  const along = (values: { readonly data: Float32Array; readonly shape: readonly number[] }): string => {
    const shape = input.order.map((axis) => values.shape[own.indexOf(axis)] ?? 1);
    if (values.data.length !== sizeOf(shape)) use.refuse("mean and variance of another shape than the axes have");
    const isAscending = placesOf(own, input.order).every(
      (place, index) => place === input.order.indexOf(own[index] ?? 0),
    );
    return isAscending
      ? builder.floats(values.data, shape)
      : use.refuse("mean and variance along axes in another order");
  };
  const { data, shape } = moments("variance");
  const deviation = along({ data: data.map((value) => Math.max(Math.sqrt(value), 1e-7)), shape });
  const mean = along(moments("mean"));
  const output = use.isOn("invert")
    ? builder.node("Add", [builder.node("Mul", [input.name, deviation]), mean])
    : builder.node("Div", [builder.node("Sub", [input.name, mean]), deviation]);
  return use.like(input, output);
};

function shapeOf(values: unknown): readonly number[] {
  return Array.isArray(values) ? [values.length, ...shapeOf(values[0])] : [];
}

export const normalizations: Readonly<Record<string, LayerWriter>> = {
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  RMSNormalization: rmsNormalization,
  UnitNormalization: unitNormalization,
  GroupNormalization: groupNormalization,
  LayerScale: layerScale,
  Normalization: meanNormalization,
};
