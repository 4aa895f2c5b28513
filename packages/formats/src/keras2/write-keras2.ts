import { InvalidConfigError } from "@featuremap/tensor";
import { type JsonObject, isObject } from "../reading/json.ts";
import { isOperation } from "./is-operation.ts";

/**
 * A model in Keras 2's JSON from that of Keras 3, whose layers Keras 2 has.
 *
 * @param config what `serializeModel` gives
 * @returns the model, and what of it Keras 2 cannot say and was left out, one sentence each
 * @throws {InvalidConfigError} it has operations as nodes, or an option that changes what a layer computes and that Keras 2 has not.
 */
export function toKeras2(config: JsonObject): { readonly config: JsonObject; readonly notes: readonly string[] } {
  const notes: string[] = [];
  return { config: writeModel(config, notes), notes };
}

/** What Keras 3's options say where they say nothing new; others are refused. */
const newOptions: Readonly<Record<string, readonly unknown[]>> = {
  quantization_config: [null],
  rms_scaling: [false],
  synchronized: [false],
  pad_to_aspect_ratio: [false],
  antialias: [false],
  optional: [false],
  lora_rank: [null],
};

/** Options of training alone that Keras 2 has not. */
const trainingOptions: ReadonlySet<string> = new Set(["renorm_clipping", "renorm_momentum"]);

function writeModel(object: JsonObject, notes: string[]): JsonObject {
  const { class_name: className, config } = object;
  if (!isObject(config) || !Array.isArray(config["layers"])) return writeLayer(object, notes);
  const entries = config["layers"].filter(isObject);
  const { name, trainable } = config;
  if (className !== "Functional") {
    const layers = entries.map((entry) => writeModel(entry, notes));
    return { class_name: className, config: { name, layers } };
  }
  const classes = new Map(entries.map((entry) => [nameOf(entry), String(entry["class_name"])]));
  const layers = entries.map((entry) => {
    const nodes = Array.isArray(entry["inbound_nodes"]) ? entry["inbound_nodes"] : [];
    const inbound = nodes.map((node) => writeNode(node, nameOf(entry), classes));
    return { ...writeModel(entry, notes), name: nameOf(entry), inbound_nodes: inbound };
  });
  const ends = (key: string, what: string): readonly unknown[] => {
    const given = config[key];
    if (isObject(given))
      notes.push(`Names of ${what} are left out; they come in the order ${namesOf(given).join(", ")}.`);
    return listOf(given).map((end) => writeEnd(end, classes));
  };
  const base = trainable === false ? { name, trainable } : { name };
  return {
    class_name: "Model",
    config: {
      ...base,
      layers,
      input_layers: ends("input_layers", "inputs"),
      output_layers: ends("output_layers", "outputs"),
    },
  };
}

function nameOf(object: JsonObject): string {
  const { config, name } = object;
  return String(name ?? (isObject(config) ? config["name"] : ""));
}

type History = readonly [layer: string, node: number, tensor: number];

function isHistory(value: unknown): value is History {
  return Array.isArray(value) && value.length === 3 && typeof value[0] === "string";
}

/** As Keras flattens them. */
function namesOf(ends: JsonObject): readonly string[] {
  return Object.keys(ends).toSorted();
}

function listOf(value: unknown): readonly History[] {
  if (isHistory(value)) return [value];
  if (isObject(value)) return listOf(namesOf(value).map((name) => value[name]));
  return Array.isArray(value) ? value.filter(isHistory) : [];
}

/** Models have a use before those in the graph: their own input and output. */
function isModel(className: string | undefined): boolean {
  return className === "Functional" || className === "Sequential";
}

/** There Keras 3 counts the own use of graphs too. */
function writeEnd([layer, node, tensor]: History, classes: ReadonlyMap<string, string>): History {
  return [layer, node + (classes.get(layer) === "Sequential" ? 1 : 0), tensor];
}

function writeNode(node: unknown, owner: string, classes: ReadonlyMap<string, string>): readonly unknown[] {
  const { args, kwargs } = isObject(node) ? node : {};
  const { training = null, inputs } = isObject(kwargs) ? kwargs : {};
  const given: readonly unknown[] = Array.isArray(args) && args.length > 0 ? args : [inputs];
  const keywords = training === null ? {} : { training };
  return given.flat().map((tensor) => {
    const config = isObject(tensor) ? tensor["config"] : undefined;
    const history = isObject(config) ? config["keras_history"] : undefined;
    if (!isHistory(history)) throw new InvalidConfigError("toKeras2", `inputs of ${owner}`, "tensors", tensor);
    const [layer, use, output] = history;
    return [layer, use + (isModel(classes.get(layer)) ? 1 : 0), output, keywords];
  });
}

function writeLayer(layer: JsonObject, notes: string[]): JsonObject {
  const { class_name: className, config } = layer;
  const name = String(isObject(config) ? config["name"] : "");
  if (isOperation(layer)) {
    throw new InvalidConfigError("toKeras2", `layer ${name}`, "a layer", `the operation ${String(className)}`);
  }
  const written = Object.entries(isObject(config) ? config : {}).flatMap(([key, value]): [string, unknown][] => {
    const neutral = Object.hasOwn(newOptions, key) ? newOptions[key] : undefined;
    if (neutral !== undefined) {
      if (neutral.includes(value)) return [];
      throw new InvalidConfigError("toKeras2", `${key} of ${name}`, neutral.map(String).join(" or "), value);
    }
    if (trainingOptions.has(key)) return [];
    if (key === "renorm") {
      if (value === true) notes.push(`Keras 2 trains ${name} without batch renormalization; it predicts the same.`);
      return [];
    }
    return [writeOption(String(className), key, value)];
  });
  return { class_name: className, config: Object.fromEntries(written) };
}

function writeOption(className: string, key: string, value: unknown): [string, unknown] {
  if (key === "dtype") return [key, "float32"];
  if (key === "batch_shape" && className === "InputLayer") return ["batch_input_shape", value];
  if (key === "negative_slope" && className === "LeakyReLU") return ["alpha", value];
  return [key, isObject(value) && typeof value["class_name"] === "string" ? writePart(value) : value];
}

/** What Keras 2 has under another name, in words that all of its versions know. */
const lecun: Readonly<Record<string, string>> = { LecunNormal: "truncated_normal", LecunUniform: "uniform" };

function writePart({ class_name: className, config }: JsonObject): JsonObject {
  const options = Object.entries(isObject(config) ? config : {}).filter(([, value]) => value !== null);
  const given = Object.fromEntries(options);
  const distribution = lecun[String(className)];
  if (distribution === undefined) return { class_name: className, config: given };
  return { class_name: "VarianceScaling", config: { scale: 1, mode: "fan_in", distribution, ...given } };
}
