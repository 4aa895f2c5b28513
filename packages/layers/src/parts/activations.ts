import { InvalidConfigError, type Shape, ShapeError, formatShape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { type KerasName, type KerasObject, plainName } from "../config/keras-object.ts";
import {
  gelu,
  linear,
  silu,
  sparsemax,
  sparsemaxSteps,
  type FusableActivation,
  type InnerWork,
} from "@featuremap/operations";
import { elementsOf } from "../config/element-counts.ts";
import { registeredNameOf } from "../config/registered-names.ts";

/** An activation as users write their own: a function of a layer's output that keeps its shape. */
export type ActivationFunction = (input: tf.Tensor) => tf.Tensor;

/** A function of a layer's output; element by element, except glu, softmax, logSoftmax and sparsemax over the last axis. */
export interface Activation extends FusableActivation {
  /** Keras's name, as its JSON holds it; of a user's own, the function's. */
  readonly name: string;
  /** The user's own function, where it is one. */
  readonly own?: ActivationFunction;
  /** Shape of its output, where that is not the input's. @throws {ShapeError} it cannot take such an input. */
  readonly outputShape?: (input: Shape) => Shape;
  /** What it does and holds for an output of that shape, where that is many times the output. */
  readonly innerWork?: (output: Shape) => InnerWork;
}

/**
 * Keras's activations by name.
 *
 * @differs glu: halves the last axis, so only the layer `Activation` accepts it; Keras claims the output has the
 * input's shape
 * @differs celu: its slope at exactly 0 is 1; TensorFlow adds the slopes of both sides, which gives 2
 * @differs threshold: needs arguments, so no option of Keras's layers can name it either
 * @differs sparsemax: adds up to 1, as in its paper; Keras 3.15 on TensorFlow gives less if more than one output is
 * positive
 */
export type ActivationName = KerasName<
  | "linear"
  | "relu"
  | "relu6"
  | "leakyRelu"
  | "elu"
  | "selu"
  | "gelu"
  | "glu"
  | "sigmoid"
  | "hardSigmoid"
  | "tanh"
  | "softmax"
  | "logSoftmax"
  | "silu"
  | "swish"
  | "hardSilu"
  | "hardSwish"
  | "softplus"
  | "softsign"
  | "exponential"
  | "mish"
  | "celu"
  | "logSigmoid"
  | "hardTanh"
  | "hardShrink"
  | "softShrink"
  | "tanhShrink"
  | "sparsePlus"
  | "sparseSigmoid"
  | "squareplus"
  | "sparsemax"
>;

/** `min(max(x / 6 + 1 / 2, 0), 1)`, as Keras 3 has it. */
function hardSigmoid(input: tf.Tensor): tf.Tensor {
  return tf.div(tf.relu6(tf.add(input, 3)), 6);
}

/** `x` where `|x| > 1 / 2`, 0 elsewhere. */
function hardShrink(input: tf.Tensor): tf.Tensor {
  return tf.where(tf.greater(tf.abs(input), 0.5), input, tf.zerosLike(input));
}

/** `a sigmoid(b)` of the two halves of the last axis. Source: Dauphin et al., ICML 2017; Keras `glu`. */
function glu(input: tf.Tensor): tf.Tensor {
  const [first, second] = tf.split(input, 2, -1);
  return first === undefined || second === undefined ? input : tf.mul(first, tf.sigmoid(second));
}

function gluShape(input: Shape): Shape {
  const last = input.at(-1);
  if (typeof last === "number" && last % 2 === 0) return [...input.slice(0, -1), last / 2];
  throw new ShapeError("activation glu", "input", "of an even last axis", formatShape(input));
}

/** `(x + 1) / 2` between -1 and 1, 0 below and 1 above; at both it is flat. Source: Keras `sparse_sigmoid`. */
function sparseSigmoid(input: tf.Tensor): tf.Tensor {
  return tf.where(tf.less(tf.abs(input), 1), tf.div(tf.add(input, 1), 2), tf.step(input));
}

/** `(x + 1)^2 / 4` between -1 and 1, 0 below and `x` above. Source: Keras `sparse_plus`. */
function sparsePlus(input: tf.Tensor): tf.Tensor {
  const curve = tf.div(tf.square(tf.relu(tf.add(input, 1))), 4);
  return tf.where(tf.less(input, 1), curve, input);
}

/** Four passes over the elements in each step, and three tensors of their size on the way. */
function sparsemaxWork(output: Shape): InnerWork {
  const elements = elementsOf(output);
  return { operations: 4 * sparsemaxSteps(output.at(-1) ?? 1) * elements, elements: 3 * elements };
}

const activations: readonly Activation[] = [
  { name: "linear", ...linear },
  { name: "relu", fusedName: "relu", apply: (input) => tf.relu(input) },
  { name: "relu6", fusedName: "relu6", apply: (input) => tf.relu6(input) },
  { name: "leaky_relu", apply: (input) => tf.leakyRelu(input, 0.2) },
  { name: "elu", fusedName: "elu", apply: (input) => tf.elu(input) },
  { name: "selu", apply: (input) => tf.selu(input) },
  { name: "gelu", apply: gelu },
  { name: "glu", outputShape: gluShape, apply: glu },
  { name: "sigmoid", fusedName: "sigmoid", apply: (input) => tf.sigmoid(input) },
  { name: "hard_sigmoid", apply: hardSigmoid },
  { name: "tanh", apply: (input) => tf.tanh(input) },
  { name: "softmax", apply: (input) => tf.softmax(input) },
  { name: "log_softmax", apply: (input) => tf.logSoftmax(input) },
  { name: "silu", apply: silu },
  { name: "hard_silu", apply: (input) => tf.mul(input, hardSigmoid(input)) },
  { name: "softplus", apply: (input) => tf.softplus(input) },
  { name: "softsign", apply: (input) => tf.div(input, tf.add(tf.abs(input), 1)) },
  { name: "exponential", apply: (input) => tf.exp(input) },
  { name: "mish", apply: (input) => tf.mul(input, tf.tanh(tf.softplus(input))) },
  { name: "celu", apply: (input) => tf.elu(input) },
  { name: "log_sigmoid", apply: (input) => tf.neg(tf.softplus(tf.neg(input))) },
  { name: "hard_tanh", apply: (input) => tf.clipByValue(input, -1, 1) },
  { name: "hard_shrink", apply: hardShrink },
  { name: "soft_shrink", apply: (input) => tf.sub(input, tf.clipByValue(input, -0.5, 0.5)) },
  { name: "tanh_shrink", apply: (input) => tf.sub(input, tf.tanh(input)) },
  { name: "sparse_plus", apply: sparsePlus },
  { name: "sparse_sigmoid", apply: sparseSigmoid },
  { name: "squareplus", apply: (input) => tf.div(tf.add(input, tf.sqrt(tf.add(tf.square(input), 4))), 2) },
  { name: "sparsemax", innerWork: sparsemaxWork, apply: sparsemax },
];

const aliases: ReadonlyMap<string, string> = new Map([
  ["swish", "silu"],
  ["hardswish", "hardsilu"],
]);

/** Every name that options may have; aliases too. */
export const activationNames: readonly string[] = [...activations.map(({ name }) => name), ...aliases.keys()];

const byName: ReadonlyMap<string, Activation> = new Map(
  activations.map((activation) => [plainName(activation.name), activation]),
);

/** What the option `activation` of layers takes. */
export type ActivationChoice = ActivationName | ActivationFunction | Activation | null | undefined;

/**
 * The activation that an option names or is; `linear` without one. Names as in Keras: `leakyRelu` or `leaky_relu`.
 *
 * @throws {InvalidConfigError} no activation has that name.
 */
export function resolveActivation(owner: string, choice: ActivationChoice): Activation {
  if (typeof choice === "function") return ownActivation(choice);
  if (isActivation(choice)) return choice;
  const name = plainName(typeof choice === "string" ? choice : "linear");
  const activation = byName.get(aliases.get(name) ?? name);
  if (activation === undefined || !(typeof choice === "string" || choice === null || choice === undefined)) {
    const known = activations.map((entry) => entry.name).join(", ");
    throw new InvalidConfigError(owner, "activation", `a function, or one of ${known}`, choice);
  }
  return activation;
}

function isActivation(choice: unknown): choice is Activation {
  // Layers have both too, and stand behind the layer instead.
  return typeof choice === "object" && choice !== null && "apply" in choice && "name" in choice && !("call" in choice);
}

/** The activation of a layer that has one. */
export function activationOf(layer: object): Activation | undefined {
  return "activation" in layer && isActivation(layer.activation) ? layer.activation : undefined;
}

/** Whether it is one of those that have names here, and not the user's own. */
export function isOwnActivation(activation: Activation): boolean {
  return activations.includes(activation);
}

function ownActivation(own: ActivationFunction): Activation {
  const name = own.name === "" ? "activation" : own.name;
  const apply = (input: tf.Tensor): tf.Tensor => {
    const output: unknown = own(input);
    if (!(output instanceof tf.Tensor) || !tf.util.arraysEqual(output.shape, input.shape)) {
      const received = output instanceof tf.Tensor ? formatShape(output.shape) : typeof output;
      throw new ShapeError(`activation ${name}`, "output", `a tensor of shape ${formatShape(input.shape)}`, received);
    }
    return output;
  };
  return { name, own, apply };
}

/**
 * The activation of a layer that promises its shape by itself.
 *
 * @throws {InvalidConfigError} no activation has that name, or it changes the shape.
 */
export function resolveShapeKeeping(owner: string, choice: ActivationChoice): Activation {
  const activation = resolveActivation(owner, choice);
  if (activation.outputShape === undefined) return activation;
  throw new InvalidConfigError(
    owner,
    "activation",
    "one that keeps the shape; others are for Activation layers",
    choice,
  );
}

/** An activation as layers' configs hold it: its name, or of a user's own what Keras writes of a function. */
export function serializeActivation({ name, own }: Activation): string | KerasObject {
  if (own === undefined) return name;
  const registered = registeredNameOf(own) ?? `Custom>${name}`;
  return { module: "builtins", class_name: "function", config: registered, registered_name: "function" };
}
