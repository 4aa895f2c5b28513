import type { Constant } from "../constants.ts";
import type { Item, NodeReader, NodeUse, PartOfGelu, Tensor } from "../node-use.ts";
import { operandOf, sharedOrder } from "./operands.ts";

/** Layers that join tensors of as many axes, by the operation of the same effect. */
const layerOf: Readonly<Record<string, string>> = {
  Add: "Add",
  Subtract: "Subtract",
  Multiply: "Multiply",
  Maximum: "Maximum",
  Minimum: "Minimum",
};

/** Two operands that broadcast as in NumPy, of which one is computed at least. */
function binary(className: string): NodeReader {
  return (use) => {
    const [a, b] = use.inputs;
    if (a === undefined || b === undefined) return use.refuse("fewer than two inputs");
    return gate(use, className, a, b) ?? joined(use, className, a, b);
  };
}

function joined(use: NodeUse, className: string, a: Item, b: Item): Tensor {
  if (a?.kind === "tensor" && b?.kind === "tensor") return ofTensors(use, className, a, b);
  if (a?.kind === "tensor" && b?.kind === "constant") return withConstant(use, className, a, b, false);
  if (a?.kind === "constant" && b?.kind === "tensor") return withConstant(use, className, b, a, true);
  return use.refuse("Erf outside of GELU");
}

function ofTensors(use: NodeUse, className: string, a: Tensor, b: Tensor): Tensor {
  const rank = a.shape.length;
  const isPositive = a.isPositive === true && b.isPositive === true && className !== "Subtract";
  if (b.shape.length !== rank) return use.refuse("tensors of different numbers of axes");
  const [left, right] = [use.settled(a), use.settled(b)];
  const order = sharedOrder([left, right]);
  const inputs = [use.turned(left, order), use.turned(right, order)];
  const layer = layerOf[className];
  if (layer !== undefined) return { ...use.layer(layer, {}, inputs, order), isPositive };
  return {
    ...use.operation(
      className,
      inputs.map(({ keras }) => keras),
      order,
    ),
    isPositive,
  };
}

function withConstant(use: NodeUse, className: string, input: Tensor, constant: Constant, isFirst: boolean): Tensor {
  const tensor = use.settled(input);
  const [number] = constant.values;
  const isNumber = constant.values.length === 1 && constant.shape.length <= tensor.shape.length;
  const operand = operandOf(use, constant, tensor.order);
  const args = isFirst ? [operand, tensor.keras] : [tensor.keras, operand];
  const factors = className === "Multiply" ? learnedFactors(use, constant, tensor) : undefined;
  if (factors !== undefined) {
    const config = { init_values: 1, projection_dim: factors.values.length };
    return use.layer("LayerScale", config, [tensor], tensor.order, { gamma: factors });
  }
  const isNothing =
    isNumber &&
    !isFirst &&
    number === (className === "Multiply" || className === "Divide" || className === "Power" ? 1 : 0);
  if (isNothing && ["Add", "Subtract", "Multiply", "Divide", "Power"].includes(className)) return tensor;
  const output = use.operation(className, args, tensor.order);
  const factor = className === "Multiply" ? number : className === "Divide" && !isFirst ? 1 / (number ?? 1) : undefined;
  const isPositive =
    tensor.isPositive === true && constant.values.every((value) => value >= 0) && className !== "Subtract";
  return {
    ...output,
    isPositive,
    from: isNumber && factor !== undefined ? { word: "scaled", input: tensor, number: factor } : undefined,
  };
}

/** A factor for each channel that by its name is a weight of the network, as ConvNeXt's. */
function learnedFactors(use: NodeUse, constant: Constant, { order, shape }: Tensor): Constant | undefined {
  const isWeight = use.node.inputs.some((name) => /(gamma|scale|lambda)$/i.test(name));
  const last = order.at(-1) ?? 0;
  const place = last - order.length + constant.shape.length;
  const { length } = constant.values;
  const isAlong = place >= 0 && constant.shape[place] === length && shape[last] === length && length > 1;
  return isWeight && isAlong ? { ...constant, shape: [length] } : undefined;
}

/** Operators that together are one activation; undefined where these are not. */
function gate(use: NodeUse, className: string, a: Item, b: Item): Item | undefined {
  if (a?.kind === "gelu") return partOfGelu(use, className, a, b);
  if (b?.kind === "gelu") return partOfGelu(use, className, b, a);
  if (className !== "Multiply" || a?.kind !== "tensor" || b?.kind !== "tensor") return undefined;
  return gated(use, a, b) ?? gated(use, b, a);
}

const gates: Readonly<Record<string, string>> = {
  sigmoid: "silu",
  hard_sigmoid: "hard_silu",
  "tanh of softplus": "mish",
};

function gated(use: NodeUse, x: Tensor, gateOf: Tensor): Tensor | undefined {
  const name = gates[gateOf.from?.word ?? ""];
  return name !== undefined && gateOf.from?.input.keras.layer === x.keras.layer
    ? use.activation(name, use.settled(x))
    : undefined;
}

/** The next step of `x / 2 (1 + erf(x / sqrt 2))`, whose factors come in any order. */
function partOfGelu(use: NodeUse, className: string, part: PartOfGelu, other: Item): Item {
  const number = other?.kind === "constant" && other.values.length === 1 ? other.values[0] : undefined;
  const { step, input } = part;
  if (className === "Add" && step === "erf" && number === 1) return { ...part, step: "erf + 1" };
  if (className === "Multiply" && other?.kind === "tensor") {
    const isInput = other.keras.layer === input.keras.layer;
    const isHalf =
      other.from?.word === "scaled" && other.from.number === 0.5 && other.from.input.keras.layer === input.keras.layer;
    if (step === "erf + 1" && isInput) return { ...part, step: "product" };
    if ((step === "erf + 1" && isHalf) || (step === "half" && isInput)) return use.activation("gelu", input);
  }
  const halves = (className === "Multiply" && number === 0.5) || (className === "Divide" && number === 2);
  if (halves && step === "erf + 1") return { ...part, step: "half" };
  if (halves && step === "product") return use.activation("gelu", input);
  return use.refuse("Erf outside of GELU");
}

/** Operators that take any number of inputs. */
function many(className: string): NodeReader {
  return (use) => {
    const [first = null, ...others] = use.inputs.map((input) => input ?? null);
    return others.reduce<Item>((sum, other) => joined(use, className, sum, other), first);
  };
}

const mean: NodeReader = (use) => {
  const sum = many("Add")(use) as Tensor;
  return use.inputs.length === 1 ? sum : use.operation("Divide", [sum.keras, use.inputs.length], sum.order);
};

export const arithmetic: Readonly<Record<string, NodeReader>> = {
  Add: binary("Add"),
  Sub: binary("Subtract"),
  Mul: binary("Multiply"),
  Div: binary("Divide"),
  Pow: binary("Power"),
  Max: many("Maximum"),
  Min: many("Minimum"),
  Sum: many("Add"),
  Mean: mean,
};
