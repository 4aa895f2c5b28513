import { activated, clip } from "../activations.ts";
import type { LayerUse, LayerWriter } from "../layer-use.ts";
import { plainOrder } from "../../layouts.ts";
import { axesOf, placesOf } from "./normalization.ts";

const activation: LayerWriter = (use) => {
  const { builder } = use;
  if (use.options["activation"] !== "glu") return activated(builder, use.input, use.options["activation"]);
  const input = builder.settled(use.input);
  const axis = input.order.indexOf(input.shape.length - 1);
  const [first = "", second = ""] = builder.nodeOf("Split", [input.name], { axis }, 2);
  return use.like(input, builder.node("Mul", [first, builder.node("Sigmoid", [second])]));
};

export const relu: LayerWriter = (use) => {
  const { builder } = use;
  const input = builder.settled(use.input);
  const {
    max_value: most = null,
    negative_slope: slope = 0,
    threshold = 0,
  } = use.options as Partial<Record<string, number>>;
  const x = input.name;
  if (slope !== 0 && most === null && threshold === 0)
    return use.like(input, builder.node("LeakyRelu", [x], { alpha: slope }));
  const above =
    threshold === 0
      ? most === null
        ? builder.node("Relu", [x])
        : x
      : builder.node("ThresholdedRelu", [x], { alpha: threshold });
  const kept = most === null ? above : clip(builder, above, 0, most);
  if (slope === 0) return use.like(input, kept);
  const below = builder.node("Relu", [builder.node("Sub", [builder.number(threshold), x])]);
  return use.like(input, builder.node("Sub", [kept, builder.node("Mul", [below, builder.number(slope)])]));
};

const prelu: LayerWriter = (use) => {
  const input = use.builder.settled(use.input);
  const rank = input.shape.length;
  const shared = use.options["shared_axes"] === null ? [] : use.numbers("shared_axes");
  const axes = plainOrder(rank).slice(1);
  // The slopes' own axes are all but the batch's, of length 1 where they are shared.
  const order = input.order.filter((axis) => axis !== 0);
  const shape = order.map((axis) => (shared.includes(axis) ? 1 : (input.shape[axis] ?? 1)));
  const slope = use.weight("alpha", `slope ${order.join()}`, { axes: order.map((axis) => axes.indexOf(axis)), shape });
  if (input.order[0] !== 0) return use.refuse("PReLU with the batch axis moved");
  return use.like(input, use.builder.node("PRelu", [input.name, slope ?? ""]));
};

/** Over one axis, or over several together. */
export function softmax(use: LayerUse, logarithm = false): ReturnType<LayerWriter> {
  const { builder } = use;
  const input = builder.settled(use.input);
  const places = placesOf(axesOf(use.numbers("axis"), input.shape.length), input.order);
  const [axis = 0] = places;
  if (places.length === 1)
    return use.like(input, builder.node(logarithm ? "LogSoftmax" : "Softmax", [input.name], { axis }));
  const sum = builder.node("ReduceLogSumExp", [input.name], { axes: places, keepdims: 1 });
  const logarithms = builder.node("Sub", [input.name, sum]);
  return use.like(input, logarithm ? logarithms : builder.node("Exp", [logarithms]));
}

export const activatings: Readonly<Record<string, LayerWriter>> = {
  Activation: activation,
  ReLU: relu,
  PReLU: prelu,
  LeakyReLU: (use) => {
    const input = use.builder.settled(use.input);
    return use.like(input, use.builder.node("LeakyRelu", [input.name], { alpha: use.number("negative_slope") }));
  },
  ELU: (use) => {
    const input = use.builder.settled(use.input);
    return use.like(input, use.builder.node("Elu", [input.name], { alpha: use.number("alpha") }));
  },
  Softmax: (use) => softmax(use),
};
