import { type JsonObject, isObject } from "../reading/json.ts";
import { type Adapted, note } from "./adapting.ts";

const initializers: ReadonlySet<unknown> = new Set([
  "Constant",
  "GlorotNormal",
  "GlorotUniform",
  "HeNormal",
  "HeUniform",
  "Identity",
  "LecunNormal",
  "LecunUniform",
  "Ones",
  "Orthogonal",
  "RandomNormal",
  "RandomUniform",
  "TruncatedNormal",
  "VarianceScaling",
  "Zeros",
]);
const constraints: ReadonlySet<unknown> = new Set(["MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm"]);

/** Initializers, regularizers and constraints as TensorFlow.js has them. They do not change what a model predicts. */
export function adaptParts(layer: Adapted): JsonObject {
  return Object.fromEntries(
    Object.entries(layer.config).map(([key, value]) => [key, isObject(value) ? adaptPart(key, value, layer) : value]),
  );
}

function adaptPart(key: string, part: JsonObject, layer: Adapted): unknown {
  const { class_name: className, config } = part;
  const options = isObject(config) ? config : {};
  if (key.endsWith("_initializer")) {
    if (!initializers.has(className)) {
      note(
        layer,
        `has zeros for ${key} ${String(className)}, which TensorFlow.js has not; its weights are as they were`,
      );
      return { class_name: "Zeros", config: {} };
    }
    if (options["distribution"] !== "untruncated_normal") return part;
    return { ...part, config: { ...options, distribution: "normal" } };
  }
  if (key.endsWith("_regularizer")) {
    const isPenalty = className === "L1" || className === "L2" || className === "L1L2";
    if (isPenalty && key !== "activity_regularizer") {
      const { l1 = 0, l2 = 0 } = options;
      return { class_name: "L1L2", config: { l1, l2 } };
    }
    return leaveOut(key, className, layer);
  }
  if (key.endsWith("_constraint") && !constraints.has(className)) return leaveOut(key, className, layer);
  if (layer.findings.broken.has(`${layer.name}/${key}`)) {
    note(layer, `is without its ${key}, which TensorFlow.js would hold its weights to on loading`);
    return null;
  }
  return part;
}

function leaveOut(key: string, className: unknown, layer: Adapted): null {
  note(layer, `is trained without its ${key} ${String(className)}, which TensorFlow.js has not`);
  return null;
}
