import { type JsonObject, isObject } from "../reading/json.ts";

/** Keras's module of each kind of part, by the end of the option's name. */
const modules: readonly (readonly [ending: string, module: string])[] = [
  ["_initializer", "keras.initializers"],
  ["_regularizer", "keras.regularizers"],
  ["_constraint", "keras.constraints"],
];

/** Options that parts of TensorFlow 1 also had, and which change no value. */
const idle: ReadonlySet<string> = new Set(["dtype", "verify_shape", "partition_info", "partition"]);

/** Activations that have names in Keras 2; others are functions of the user's. */
const activationNames: ReadonlySet<string> = new Set(
  (
    "linear relu relu6 leaky_relu elu selu gelu sigmoid hard_sigmoid tanh softmax log_softmax silu swish " +
    "softplus softsign exponential mish"
  ).split(" "),
);

/** The module of an option's part: undefined for options that are none. */
export function partModule(option: string): string | undefined {
  return modules.find(([ending]) => option.endsWith(ending))?.[1];
}

/** An initializer, regularizer or constraint in Keras 3's JSON. Names stay names. */
export function readPart(value: unknown, module: string): unknown {
  if (!isObject(value) || typeof value["class_name"] !== "string") return value;
  const { class_name: given, registered_name: registered } = value;
  const config = isObject(value["config"]) ? value["config"] : {};
  const custom = [registered, given].find((name) => typeof name === "string" && name.includes(">"));
  const className = given.slice(given.lastIndexOf(">") + 1);
  if (custom !== undefined) return { module: null, class_name: className, config, registered_name: custom };
  // TensorFlow 1 numbered the versions of some.
  return {
    module,
    class_name: className.replace(/V[12]$/, ""),
    config: Object.fromEntries(Object.entries(config).flatMap(readOption)),
    registered_name: null,
  };
}

function readOption([key, value]: readonly [string, unknown]): (readonly [string, unknown])[] {
  if (idle.has(key)) return [];
  // Keras 2.2 drew "normal" from a truncated normal distribution.
  if (key === "distribution" && value === "normal") return [[key, "truncated_normal"]];
  return [[key, value]];
}

/** What an `activation` is: a name or function in Keras 3's JSON, a layer, or Keras 2's hard sigmoid. */
export type ReadActivation =
  | { readonly kind: "function"; readonly value: unknown }
  | { readonly kind: "layer"; readonly value: JsonObject }
  | { readonly kind: "hard sigmoid" };

/** An activation by name, as TensorFlow serializes functions, or as a layer in its place. */
export function readActivation(value: unknown): ReadActivation {
  if (isObject(value) && isObject(value["config"])) return { kind: "layer", value };
  const name = isObject(value) ? (value["config"] ?? value["class_name"]) : value;
  if (name === "hard_sigmoid") return { kind: "hard sigmoid" };
  if (typeof name !== "string" || activationNames.has(name)) return { kind: "function", value: name };
  return {
    kind: "function",
    value: { module: null, class_name: "function", config: name, registered_name: name },
  };
}
