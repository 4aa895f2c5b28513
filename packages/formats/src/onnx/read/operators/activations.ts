import { plainOrder } from "../../layouts.ts";
import { expanded, transposed } from "../constant-arrays.ts";
import type { NodeReader, NodeUse, Tensor } from "../node-use.ts";

const named =
  (name: string, isPositive = false): NodeReader =>
  (use) => {
    const input = use.settled(use.tensor(0));
    return { ...use.activation(name, input), isPositive, from: { word: name, input } };
  };

const operation =
  (className: string, isPositive = false, module = "numpy"): NodeReader =>
  (use) => {
    const input = use.settled(use.tensor(0));
    return { ...use.operation(className, [input.keras], input.order, {}, module), isPositive };
  };

const relu: NodeReader = (use) => ({ ...use.same("ReLU", {}, use.tensor(0)), isPositive: true });

const clip: NodeReader = (use) => {
  const input = use.settled(use.tensor(0));
  const limit = (index: number, attribute: string, usual: number): number =>
    use.numbers(index, attribute)?.[0] ?? usual;
  const [low, high] =
    use.opset < 11
      ? [use.number("min", Number.NEGATIVE_INFINITY), use.number("max", Number.POSITIVE_INFINITY)]
      : [limit(1, "", Number.NEGATIVE_INFINITY), limit(2, "", Number.POSITIVE_INFINITY)];
  const [least, most] = [
    low > -3.4e38 ? low : Number.NEGATIVE_INFINITY,
    high < 3.4e38 ? high : Number.POSITIVE_INFINITY,
  ];
  if (least === 0) {
    const config = most === Number.POSITIVE_INFINITY ? {} : { max_value: most };
    return { ...use.same("ReLU", config, input), isPositive: true };
  }
  if (least === Number.NEGATIVE_INFINITY && most === Number.POSITIVE_INFINITY) return input;
  let output = input;
  if (least > most)
    return use.operation(
      "Minimum",
      [use.operation("Maximum", [input.keras, least], input.order).keras, most],
      input.order,
    );
  if (Number.isFinite(least) && Number.isFinite(most))
    return use.operation("Clip", [input.keras], input.order, { x_min: least, x_max: most });
  if (Number.isFinite(least)) output = use.operation("Maximum", [input.keras, least], input.order);
  if (Number.isFinite(most)) output = use.operation("Minimum", [input.keras, most], input.order);
  return { ...output, isPositive: least >= 0 || input.isPositive };
};

const hardSigmoid: NodeReader = (use) => {
  const input = use.settled(use.tensor(0));
  const [alpha, beta] = [use.number("alpha", 0.2), use.number("beta", 0.5)];
  if (Math.abs(alpha - 1 / 6) < 1e-6 && beta === 0.5) {
    return { ...use.activation("hard_sigmoid", input), isPositive: true, from: { word: "hard_sigmoid", input } };
  }
  const product = use.operation("Multiply", [input.keras, alpha], input.order);
  const sum = use.operation("Add", [product.keras, beta], input.order);
  return { ...use.operation("Clip", [sum.keras], input.order, { x_min: 0, x_max: 1 }), isPositive: true };
};

const elu: NodeReader = (use) => use.same("ELU", { alpha: use.number("alpha", 1) }, use.tensor(0));

/** `alpha ELU(x / alpha)`. */
const celu: NodeReader = (use) => {
  const input = use.settled(use.tensor(0));
  const alpha = use.number("alpha", 1);
  if (alpha === 1) return use.activation("celu", input);
  const bent = use.same("ELU", { alpha: 1 }, use.operation("Divide", [input.keras, alpha], input.order));
  return use.operation("Multiply", [bent.keras, alpha], input.order);
};

const selu: NodeReader = (use) => {
  const [alpha, gamma] = [use.number("alpha", usualAlpha), use.number("gamma", usualGamma)];
  const isUsual = Math.abs(alpha - usualAlpha) < 1e-5 && Math.abs(gamma - usualGamma) < 1e-5;
  if (isUsual) return use.activation("selu", use.tensor(0));
  const bent = use.same("ELU", { alpha }, use.tensor(0));
  return use.operation("Multiply", [bent.keras, gamma], bent.order);
};

/** Those of self-normalizing networks. */
const [usualAlpha, usualGamma] = [1.6732632, 1.050701];

const gelu: NodeReader = (use) => {
  const input = use.settled(use.tensor(0));
  const isExact = use.text("approximate", "none") === "none";
  if (isExact) return use.activation("gelu", input);
  return use.operation("Gelu", [input.keras], input.order, { approximate: true }, "nn");
};

/** Slopes broadcast to the input. */
const prelu: NodeReader = (use) => {
  const input = use.settled(use.tensor(0));
  const slope = use.weight(1);
  const rank = input.shape.length;
  if (slope.shape.length > rank || (slope.shape.length === rank && slope.shape[0] !== 1))
    return use.refuse("slopes for each example");
  const own = expanded(use, slope, [...Array.from({ length: rank - slope.shape.length }, () => 1), ...slope.shape]);
  const axes = input.order.slice(1);
  const alpha = transposed(
    { ...own, shape: own.shape.slice(1) },
    axes.map((axis) => axis - 1),
  );
  const shared = plainOrder(rank)
    .slice(1)
    .filter((place) => alpha.shape[place - 1] === 1 && input.shape[input.order[place] ?? 0] !== 1);
  return use.same("PReLU", { shared_axes: shared.length === 0 ? null : shared }, input, { alpha });
};

/** Begins what may become `x Phi(x)`. */
const erf: NodeReader = (use) => {
  const { from } = use.tensor(0);
  if (from?.word === "scaled" && Math.abs((from.number ?? 0) - Math.SQRT1_2) < 1e-4) {
    return { kind: "gelu", step: "erf", input: from.input };
  }
  return operation("Erf", false, "math")(use);
};

const tanh: NodeReader = (use) => {
  const input = use.settled(use.tensor(0));
  const output: Tensor = use.activation("tanh", input);
  return input.from?.word === "softplus"
    ? { ...output, from: { word: "tanh of softplus", input: input.from.input } }
    : output;
};

const reciprocal: NodeReader = (use) => {
  const input = use.settled(use.tensor(0));
  return use.operation("Divide", [1, input.keras], input.order);
};

const leakyRelu: NodeReader = (use) =>
  use.same("LeakyReLU", { negative_slope: use.number("alpha", 0.01) }, use.tensor(0));

const thresholded: NodeReader = (use) => ({
  ...use.same("ReLU", { threshold: use.number("alpha", 1) }, use.tensor(0)),
  isPositive: true,
});

const identity: NodeReader = (use) => use.inputs[0] ?? use.refuse("no input");

/** `x sigmoid(alpha x)`. */
function swish(use: NodeUse): Tensor {
  const input = use.settled(use.tensor(0));
  const alpha = use.number("alpha", 1);
  if (alpha === 1) return use.activation("silu", input);
  const gate = use.activation("sigmoid", use.operation("Multiply", [input.keras, alpha], input.order));
  return use.operation("Multiply", [input.keras, gate.keras], input.order);
}

/** The next integer that is not below. */
function ceil(use: NodeUse): Tensor {
  const input = use.settled(use.tensor(0));
  const turn = (tensor: Tensor, name: string): Tensor => use.operation(name, [tensor.keras], input.order);
  return turn(turn(turn(input, "Negative"), "Floor"), "Negative");
}

export const activations: Readonly<Record<string, NodeReader>> = {
  Relu: relu,
  Clip: clip,
  LeakyRelu: leakyRelu,
  ThresholdedRelu: thresholded,
  PRelu: prelu,
  Elu: elu,
  Celu: celu,
  Selu: selu,
  Gelu: gelu,
  Erf: erf,
  Sigmoid: named("sigmoid", true),
  HardSigmoid: hardSigmoid,
  HardSwish: (use) => use.activation("hard_silu", use.tensor(0)),
  Swish: swish,
  Mish: (use) => use.activation("mish", use.tensor(0)),
  Tanh: tanh,
  Softplus: named("softplus", true),
  Softsign: named("softsign"),
  Exp: operation("Exp", true),
  Log: operation("Log"),
  Sqrt: operation("Sqrt", true),
  Neg: operation("Negative"),
  Abs: operation("Absolute", true),
  Reciprocal: reciprocal,
  Floor: operation("Floor"),
  Ceil: ceil,
  Round: operation("Round"),
  Sign: operation("Sign"),
  Identity: identity,
};
