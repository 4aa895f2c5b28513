import type { Argument } from "./read-nodes.ts";

/** A call of a TensorFlow function, whose arguments are taken one by one. */
export interface FunctionCall {
  /** The first argument: a tensor, or all of a list. */
  readonly inputs: readonly Argument[];
  /** An argument that may be a tensor, a number or an array. */
  operand(name: string): Argument;
  /** An argument that is no tensor; undefined where it is missing or `None`. */
  plain(name: string): unknown;
}

/** An operation of `keras.ops`: a list among the arguments is one argument. */
export interface Operation {
  readonly module: string;
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly args: readonly (Argument | { readonly list: readonly Argument[] })[];
}

type Translate = (call: FunctionCall) => Operation | undefined;

const numpy = "keras.src.ops.numpy";
const network = "keras.src.ops.nn";

function binary(className: string): Translate {
  return (call) => ({ module: numpy, className, config: {}, args: [...call.inputs, call.operand("y")] });
}

function unary(
  className: string,
  module: string = numpy,
  config: (call: FunctionCall) => Readonly<Record<string, unknown>> = () => ({}),
): Translate {
  return (call) => ({ module, className, config: config(call), args: call.inputs });
}

function reduction(className: string): Translate {
  const initial = className === "Max" || className === "Min" ? { initial: null } : {};
  return unary(className, numpy, (call) => ({
    axis: call.plain("axis") ?? null,
    keepdims: call.plain("keepdims") ?? false,
    ...initial,
  }));
}

/** What Keras's `Identity` layer does. */
const identity: Translate = (call) => ({
  module: "keras.layers",
  className: "Identity",
  config: {},
  args: call.inputs,
});

/** TensorFlow's functions by the names that Keras 2 writes, as far as `keras.ops` has the same. */
const tensorflowFunctions: ReadonlyMap<string, Translate> = new Map<string, Translate>([
  ["__operators__.add", binary("Add")],
  ["math.add", binary("Add")],
  ["__operators__.sub", binary("Subtract")],
  ["math.subtract", binary("Subtract")],
  ["__operators__.mul", binary("Multiply")],
  ["math.multiply", binary("Multiply")],
  ["__operators__.truediv", binary("TrueDivide")],
  ["math.truediv", binary("TrueDivide")],
  ["math.divide", binary("Divide")],
  ["realdiv", binary("Divide")],
  ["math.floordiv", binary("FloorDivide")],
  ["math.floormod", binary("Mod")],
  ["math.pow", binary("Power")],
  ["math.maximum", binary("Maximum")],
  ["math.minimum", binary("Minimum")],
  ["math.negative", unary("Negative")],
  ["math.abs", unary("Absolute")],
  ["math.exp", unary("Exp")],
  ["math.log", unary("Log")],
  ["math.sqrt", unary("Sqrt")],
  ["math.rsqrt", unary("Rsqrt", "keras.src.ops.math")],
  ["math.square", unary("Square")],
  ["math.tanh", unary("Tanh")],
  ["math.sigmoid", unary("Sigmoid", network)],
  ["math.softplus", unary("Softplus", network)],
  ["nn.relu", unary("Relu", network)],
  ["nn.relu6", unary("Relu6", network)],
  ["nn.selu", unary("Selu", network)],
  ["nn.softsign", unary("Softsign", network)],
  ["nn.elu", unary("Elu", network, () => ({ alpha: 1 }))],
  ["nn.gelu", unary("Gelu", network, (call) => ({ approximate: call.plain("approximate") ?? false }))],
  ["nn.leaky_relu", unary("LeakyRelu", network, (call) => ({ negative_slope: call.plain("alpha") ?? 0.2 }))],
  ["nn.softmax", unary("Softmax", network, (call) => ({ axis: call.plain("axis") ?? -1 }))],
  ["nn.log_softmax", unary("LogSoftmax", network, (call) => ({ axis: call.plain("axis") ?? -1 }))],
  ["nn.silu", (call) => ((call.plain("beta") ?? 1) === 1 ? unary("Silu", network)(call) : undefined)],
  ["math.reduce_mean", reduction("Mean")],
  ["math.reduce_sum", reduction("Sum")],
  ["math.reduce_max", reduction("Max")],
  ["math.reduce_min", reduction("Min")],
  [
    "clip_by_value",
    unary("Clip", numpy, (call) => ({ x_min: call.plain("clip_value_min"), x_max: call.plain("clip_value_max") })),
  ],
  ["reshape", unary("Reshape", numpy, (call) => ({ newshape: call.plain("shape") }))],
  ["transpose", unary("Transpose", numpy, (call) => ({ axes: call.plain("perm") ?? null }))],
  [
    "concat",
    (call) => ({
      module: numpy,
      className: "Concatenate",
      config: { axis: call.plain("axis") },
      args: [{ list: call.inputs }],
    }),
  ],
  ["identity", identity],
  ["cast", (call) => (call.plain("dtype") === "float32" ? identity(call) : undefined)],
]);

/** Other names that TensorFlow has for them. */
const aliases: ReadonlyMap<string, string> = new Map([
  ["add", "math.add"],
  ["subtract", "math.subtract"],
  ["multiply", "math.multiply"],
  ["truediv", "math.truediv"],
  ["divide", "math.divide"],
  ["pow", "math.pow"],
  ["maximum", "math.maximum"],
  ["minimum", "math.minimum"],
  ["negative", "math.negative"],
  ["abs", "math.abs"],
  ["exp", "math.exp"],
  ["sqrt", "math.sqrt"],
  ["square", "math.square"],
  ["tanh", "math.tanh"],
  ["nn.tanh", "math.tanh"],
  ["sigmoid", "math.sigmoid"],
  ["nn.sigmoid", "math.sigmoid"],
  ["nn.softplus", "math.softplus"],
  ["nn.swish", "nn.silu"],
  ["compat.v1.nn.leaky_relu", "nn.leaky_relu"],
  ["compat.v1.nn.softmax", "nn.softmax"],
  ["compat.v1.transpose", "transpose"],
  ["reduce_mean", "math.reduce_mean"],
  ["reduce_sum", "math.reduce_sum"],
  ["reduce_max", "math.reduce_max"],
  ["reduce_min", "math.reduce_min"],
]);

/** How `keras.ops` says a function of TensorFlow; undefined where it does not. */
export function translationOf(name: string): Translate | undefined {
  const plain = name.replace(/^tf\./, "");
  return tensorflowFunctions.get(aliases.get(plain) ?? plain);
}

interface GraphOperation {
  readonly name: string;
  readonly second?: string;
}

/** Nodes of a TensorFlow graph and the function that each is, with what its inputs are called. */
export const graphOperations: ReadonlyMap<string, GraphOperation> = new Map<string, GraphOperation>([
  ...[
    ["Add", "math.add"],
    ["AddV2", "math.add"],
    ["Sub", "math.subtract"],
    ["Mul", "math.multiply"],
    ["RealDiv", "realdiv"],
    ["Pow", "math.pow"],
    ["Maximum", "math.maximum"],
    ["Minimum", "math.minimum"],
  ].map(([node = "", name = ""]) => [node, { name, second: "y" }] as const),
  ...[
    ["Mean", "math.reduce_mean"],
    ["Sum", "math.reduce_sum"],
    ["Max", "math.reduce_max"],
    ["Min", "math.reduce_min"],
  ].map(([node = "", name = ""]) => [node, { name, second: "axis" }] as const),
  ...[
    ["Neg", "math.negative"],
    ["Abs", "math.abs"],
    ["Exp", "math.exp"],
    ["Log", "math.log"],
    ["Sqrt", "math.sqrt"],
    ["Rsqrt", "math.rsqrt"],
    ["Square", "math.square"],
    ["Tanh", "math.tanh"],
    ["Sigmoid", "math.sigmoid"],
    ["Softplus", "math.softplus"],
    ["Relu", "nn.relu"],
    ["Relu6", "nn.relu6"],
    ["Selu", "nn.selu"],
    ["Softmax", "nn.softmax"],
    ["Identity", "identity"],
  ].map(([node = "", name = ""]) => [node, { name }] as const),
  ["Reshape", { name: "reshape", second: "shape" }],
  ["Transpose", { name: "transpose", second: "perm" }],
]);
