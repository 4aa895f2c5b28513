import { isObject } from "../reading/json.ts";
import { type Adapted, type Step, note, reluStep, rescalingStep } from "./adapting.ts";

/** Activations that TensorFlow.js computes as Keras 3 does, by Keras's names. */
const same: ReadonlySet<string> = new Set([
  "elu",
  "gelu",
  "linear",
  "log_softmax",
  "mish",
  "relu",
  "relu6",
  "selu",
  "sigmoid",
  "softmax",
  "softplus",
  "softsign",
  "swish",
  "tanh",
]);

/** The activation that a layer keeps, and layers after it. */
export interface AdaptedActivation {
  readonly kept: string;
  /** Their `from` counts the layer itself as step 0. */
  readonly after: readonly Step[];
}

/** An activation as TensorFlow.js has it; undefined where nothing stands for it. */
export function adaptActivation(value: unknown, layer: Adapted): AdaptedActivation | undefined {
  const { name } = layer;
  const given = isObject(value) ? undefined : value;
  if (typeof given !== "string") return undefined;
  if (same.has(given)) return { kept: given, after: [] };
  if (given === "silu") return { kept: "swish", after: [] };
  if (given === "leaky_relu") {
    const config = { name: `${name}_leaky_relu`, trainable: true, negative_slope: 0.2 };
    return { kept: "linear", after: [{ className: "LeakyReLU", config }] };
  }
  if (given === "hard_sigmoid") {
    note(layer, "computes hard_sigmoid in layers after it: TensorFlow.js's own is that of Keras 2");
    return { kept: "linear", after: hardSigmoidSteps(name) };
  }
  if (given === "hard_silu" || given === "hard_swish") {
    note(layer, `computes ${given} in layers after it`);
    const product = { className: "Multiply", config: { name: `${name}_hard_silu`, trainable: true }, from: [0, 2] };
    return { kept: "linear", after: [...hardSigmoidSteps(name), product] };
  }
  return undefined;
}

/** `min(max(x / 6 + 1 / 2, 0), 1)`. */
export function hardSigmoidSteps(name: string): readonly Step[] {
  return [rescalingStep(`${name}_rescaled`, 1 / 6, 0.5), reluStep(`${name}_hard_sigmoid`, 1)];
}
