import type { GraphBuilder, Value } from "./graph-builder.ts";
import { Unsayable } from "./layer-use.ts";

/** Adds the nodes of an activation to the tensor of that name; `axis` is where the model's last axis lies. */
type ActivationWriter = (builder: GraphBuilder, x: string, axis: number, length: number | null) => string;

function operator(name: string, attributes: Readonly<Record<string, number>> = {}): ActivationWriter {
  return (builder, x) => builder.node(name, [x], attributes);
}

/** `min(max(x, low), high)`. */
export function clip(builder: GraphBuilder, x: string, low: number | null, high: number | null): string {
  const limits = [low, high].map((limit) => (limit === null ? "" : builder.number(limit)));
  return builder.node("Clip", [x, ...(high === null ? limits.slice(0, 1) : limits)]);
}

function times(builder: GraphBuilder, a: string, b: string | number): string {
  return builder.node("Mul", [a, typeof b === "number" ? builder.number(b) : b]);
}

function plus(builder: GraphBuilder, a: string, b: string | number): string {
  return builder.node("Add", [a, typeof b === "number" ? builder.number(b) : b]);
}

/** `x Phi(x)`, or its approximation by tanh. */
export function gelu(builder: GraphBuilder, x: string, approximate: boolean): string {
  const half = times(builder, x, 0.5);
  if (!approximate) {
    const erf = builder.node("Erf", [times(builder, x, Math.SQRT1_2)]);
    return times(builder, half, plus(builder, erf, 1));
  }
  const cube = times(builder, times(builder, x, x), x);
  const inner = times(builder, plus(builder, x, times(builder, cube, 0.044715)), Math.sqrt(2 / Math.PI));
  return times(builder, half, plus(builder, builder.node("Tanh", [inner]), 1));
}

const hardSigmoid = operator("HardSigmoid", { alpha: 1 / 6, beta: 0.5 });

/** Source: Martins and Astudillo, ICML 2016. */
const sparsemax: ActivationWriter = (builder, x, axis, length) => {
  if (length === null) throw new Unsayable("sparsemax over an open length");
  const [sorted = ""] = builder.nodeOf("TopK", [x, builder.integers([length])], { axis, largest: 1, sorted: 1 }, 2);
  const excess = plus(builder, builder.node("CumSum", [sorted, builder.integers([axis], [])]), -1);
  // 1, 2, 3 ... along the axis.
  const same = builder.node("Cast", [builder.node("Equal", [sorted, sorted])], { to: 1 });
  const counts = builder.node("CumSum", [same, builder.integers([axis], [])]);
  const inside = builder.node("Greater", [times(builder, sorted, counts), excess]);
  const mask = builder.node("Cast", [inside], { to: 1 });
  const axes = builder.integers([axis]);
  const support = builder.node("ReduceSum", [mask, axes], { keepdims: 1 });
  const sum = builder.node("ReduceSum", [times(builder, sorted, mask), axes], { keepdims: 1 });
  const threshold = builder.node("Div", [plus(builder, sum, -1), support]);
  return builder.node("Relu", [builder.node("Sub", [x, threshold])]);
};

const writers: Readonly<Record<string, ActivationWriter>> = {
  linear: (_builder, x) => x,
  relu: operator("Relu"),
  relu6: (builder, x) => clip(builder, x, 0, 6),
  leaky_relu: operator("LeakyRelu", { alpha: 0.2 }),
  elu: operator("Elu", { alpha: 1 }),
  celu: operator("Elu", { alpha: 1 }),
  selu: operator("Selu"),
  gelu: (builder, x) => gelu(builder, x, false),
  sigmoid: operator("Sigmoid"),
  hard_sigmoid: hardSigmoid,
  tanh: operator("Tanh"),
  softmax: (builder, x, axis) => builder.node("Softmax", [x], { axis }),
  log_softmax: (builder, x, axis) => builder.node("LogSoftmax", [x], { axis }),
  silu: (builder, x) => times(builder, x, builder.node("Sigmoid", [x])),
  hard_silu: operator("HardSwish"),
  softplus: operator("Softplus"),
  softsign: operator("Softsign"),
  exponential: operator("Exp"),
  mish: (builder, x) => times(builder, x, builder.node("Tanh", [builder.node("Softplus", [x])])),
  log_sigmoid: (builder, x) => builder.node("Neg", [builder.node("Softplus", [builder.node("Neg", [x])])]),
  hard_tanh: (builder, x) => clip(builder, x, -1, 1),
  hard_shrink(builder, x) {
    const large = builder.node("Greater", [builder.node("Abs", [x]), builder.number(0.5)]);
    return builder.node("Where", [large, x, builder.number(0)]);
  },
  soft_shrink: (builder, x) => builder.node("Sub", [x, clip(builder, x, -0.5, 0.5)]),
  tanh_shrink: (builder, x) => builder.node("Sub", [x, builder.node("Tanh", [x])]),
  sparse_plus(builder, x) {
    const root = builder.node("Relu", [plus(builder, x, 1)]);
    const curve = times(builder, times(builder, root, root), 0.25);
    return builder.node("Where", [builder.node("Less", [x, builder.number(1)]), curve, x]);
  },
  sparse_sigmoid: (builder, x) => clip(builder, times(builder, plus(builder, x, 1), 0.5), 0, 1),
  squareplus(builder, x) {
    const root = builder.node("Sqrt", [plus(builder, times(builder, x, x), 4)]);
    return times(builder, plus(builder, x, root), 0.5);
  },
  sparsemax,
};

/**
 * A value after an activation of that name, as a layer's config has it.
 *
 * @throws {Unsayable} it is a function of the user's own.
 */
export function activated(builder: GraphBuilder, value: Value, activation: unknown): Value {
  if (activation === "linear" || activation === undefined) return value;
  const write = typeof activation === "string" && Object.hasOwn(writers, activation) ? writers[activation] : undefined;
  if (write === undefined) {
    const name = typeof activation === "string" ? activation : "a function of your own";
    throw new Unsayable(`activation ${name}`);
  }
  const settled = builder.settled(value);
  const axis = settled.order.indexOf(settled.shape.length - 1);
  return { ...settled, name: write(builder, settled.name, axis, settled.shape.at(-1) ?? null) };
}
