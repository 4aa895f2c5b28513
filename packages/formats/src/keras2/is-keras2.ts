import { isObject } from "../reading/json.ts";

/**
 * Whether a model's JSON is that of Keras 2 or TensorFlow.js, and not Keras 3's.
 *
 * The model itself tells, by how it writes inputs and connections: what wrote the file may have kept an older one's model.
 *
 * @param version `keras_version` of the file, for models that do not tell
 */
export function isKeras2(config: unknown, version?: unknown): boolean {
  const found = sign(config, 0);
  if (found !== undefined) return found === 2;
  return !(typeof version === "string" && /^[3-9]/.test(version));
}

function sign(value: unknown, depth: number): 2 | 3 | undefined {
  if (!isObject(value) || depth > 100) return undefined;
  const { config, inbound_nodes: nodes } = value;
  if (Array.isArray(config)) return 2;
  if (isObject(config)) {
    if ("batch_input_shape" in config) return 2;
    if ("batch_shape" in config && value["class_name"] === "InputLayer") return 3;
  }
  const [node]: unknown[] = Array.isArray(nodes) ? nodes : [];
  if (Array.isArray(node)) return 2;
  if (isObject(node) && "args" in node) return 3;
  const layers = isObject(config) ? config["layers"] : undefined;
  if (!Array.isArray(layers)) return undefined;
  for (const layer of layers) {
    const found = sign(layer, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
