import { FormatError } from "@featuremap/tensor";
import { type JsonObject, describeFound, isObject } from "../reading/json.ts";
import { fromKeras2 } from "./from-keras2.ts";
import { isKeras2 } from "./is-keras2.ts";

/**
 * A model in Keras 3's JSON, from what any version of Keras writes into `.h5` files, or TensorFlow.js into `model.json`.
 *
 * @param config the parsed JSON
 * @param source the file, for errors
 * @param version `keras_version` of the file, for models that do not tell by themselves
 * @throws {FormatError} it is no model, or has what cannot run here, such as a `Lambda`.
 */
export function toKeras3(config: unknown, source: string, version?: unknown): JsonObject {
  const bounded = withoutInfiniteBounds(config);
  if (isKeras2(bounded, version)) return fromKeras2(bounded, source, isFromTfjs(version));
  if (!isObject(bounded)) throw new FormatError(source, "model_config", "a model", describeFound(config));
  return markOperations(bounded, source, 0);
}

/** Whether TensorFlow.js itself saved a file, by its `keras_version`; Keras's converter leaves Keras's own. */
export function isFromTfjs(version: unknown): boolean {
  return typeof version === "string" && version.startsWith("tfjs-layers");
}

/** Says of a ReLU that it has no largest output where that is infinite. */
function withoutInfiniteBounds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutInfiniteBounds);
  if (!isObject(value)) return value;
  const isEndless = (key: string, entry: unknown): boolean => key === "max_value" && entry === Number.POSITIVE_INFINITY;
  const { class_name: className, config } = value;
  if (className === "ReLU" && isObject(config)) {
    const entries = Object.entries(config).map(([key, entry]) => [key, isEndless(key, entry) ? null : entry]);
    return { ...value, config: Object.fromEntries(entries) as JsonObject };
  }
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, withoutInfiniteBounds(entry)]));
}

const deepest = 100;

const networkOperations: ReadonlySet<string> = new Set([
  "Elu",
  "Gelu",
  "HardSigmoid",
  "HardSilu",
  "HardTanh",
  "LeakyRelu",
  "LogSigmoid",
  "LogSoftmax",
  "Relu",
  "Relu6",
  "Selu",
  "Sigmoid",
  "Silu",
  "Softmax",
  "Softplus",
  "Softsign",
]);

/**
 * Says again which nodes are operations: into `.h5` files Keras 3 writes no modules, and some layers share their names. Layers
 * tell whether they are trainable, operations do not.
 */
function markOperations(object: JsonObject, source: string, depth: number): JsonObject {
  if (depth > deepest) throw new FormatError(source, "models", `nested at most ${deepest} deep`, "more");
  const { class_name: className, config, module } = object;
  if (!isObject(config) || typeof className !== "string") return object;
  if (Array.isArray(config["layers"])) {
    const layers = config["layers"].map((layer: unknown) =>
      isObject(layer) ? markOperations(layer, source, depth + 1) : layer,
    );
    return { ...object, config: { ...config, layers } };
  }
  const isOperation =
    module === undefined && className !== "InputLayer" && !("trainable" in config) && !("dtype" in config);
  return isOperation ? { ...object, module: moduleOf(className), registered_name: className } : object;
}

function moduleOf(operation: string): string {
  if (operation === "Rsqrt") return "keras.src.ops.math";
  return networkOperations.has(operation) ? "keras.src.ops.nn" : "keras.src.ops.numpy";
}
