import type { Shape } from "@featuremap/tensor";
import { type Value } from "../graph-builder.ts";
import type { LayerUse, LayerWriter } from "../layer-use.ts";
import { plainOrder } from "../../layouts.ts";
import { unitLength } from "./normalization.ts";

/** An order of axes that most inputs of the same rank can share: that of the first whose channels have moved. */
export function commonOrder(values: readonly Value[], rank: number): readonly number[] {
  const moved = values.find(({ order, shape }) => shape.length === rank && order.some((axis, index) => axis !== index));
  return moved?.order ?? plainOrder(rank);
}

/** Names of inputs with as many axes each; a tensor of fewer gets axes of length 1 after the batch axis. */
function alike(use: LayerUse): { readonly names: readonly string[]; readonly order: readonly number[] } {
  const { builder } = use;
  const rank = use.shape.length;
  const inputs = use.inputs.map((input): Value => {
    const missing = rank - input.shape.length;
    if (missing === 0) return builder.settled(input);
    const added = Array.from({ length: missing }, (_, index) => index + 1);
    const shape: Shape = [input.shape[0] ?? null, ...added.map(() => 1), ...input.shape.slice(1)];
    const name = builder.node("Unsqueeze", [builder.plain(input), builder.integers(added)]);
    return { name, shape, order: plainOrder(rank) };
  });
  const order = commonOrder(inputs, rank);
  return { names: inputs.map((input) => builder.ordered(input, order)), order };
}

/** Joins two by two, as the operator takes. */
function joining(operator: string): LayerWriter {
  return (use) => {
    const { names, order } = alike(use);
    const name = names.reduce((a, b) => use.builder.node(operator, [a, b]));
    return { name, shape: use.shape, order };
  };
}

const average: LayerWriter = (use) => {
  const { builder } = use;
  const { names, order } = alike(use);
  const sum = names.reduce((a, b) => builder.node("Add", [a, b]));
  return { name: builder.node("Div", [sum, builder.number(names.length)]), shape: use.shape, order };
};

/** A share of the second, added to the first. */
const customScale: LayerWriter = (use) => {
  const { names, order } = alike(use);
  const [first = "", second = ""] = names;
  const share = use.builder.node("Mul", [second, use.builder.number(use.number("scale"))]);
  return { name: use.builder.node("Add", [first, share]), shape: use.shape, order };
};

export const concatenate: LayerWriter = (use) => {
  const rank = use.shape.length;
  const order = commonOrder(use.inputs, rank);
  const axis = use.number("axis");
  const place = order.indexOf(axis < 0 ? axis + rank : axis);
  const names = use.inputs.map((input) => use.builder.ordered(input, order));
  return { name: use.builder.node("Concat", names, { axis: place }), shape: use.shape, order };
};

const dot: LayerWriter = (use) => {
  const { builder } = use;
  const given = use.numbers("axes");
  const axes = use.inputs.map(({ shape }, index) => {
    const axis = given[index] ?? given[0] ?? 0;
    return axis < 0 ? axis + shape.length : axis;
  });
  const matrices = use.inputs.map((input, index) => {
    const axis = axes[index] ?? 1;
    const value = use.isOn("normalize")
      ? { ...builder.settled(input), name: unitLength(builder, input, [axis], 1e-7) }
      : input;
    const rest = plainOrder(input.shape.length).filter((other) => other !== 0 && other !== axis);
    const lengths = rest.map((other) => input.shape[other] ?? use.refuse("products along open lengths"));
    const count = lengths.reduce((product, length) => product * length, 1);
    const length = input.shape[axis] ?? use.refuse("products along open lengths");
    const [order, shape] =
      index === 0
        ? [
            [0, ...rest, axis],
            [0, count, length],
          ]
        : [
            [0, axis, ...rest],
            [0, length, count],
          ];
    return builder.node("Reshape", [builder.ordered(value, order), builder.integers(shape)]);
  });
  return use.plainly(builder.reshaped(builder.node("MatMul", matrices), use.shape));
};

export const mergings: Readonly<Record<string, LayerWriter>> = {
  Add: joining("Add"),
  Subtract: joining("Sub"),
  Multiply: joining("Mul"),
  Maximum: joining("Max"),
  Minimum: joining("Min"),
  Average: average,
  Concatenate: concatenate,
  Dot: dot,
  CustomScaleLayer: customScale,
};
