import { type JsonObject } from "../reading/json.ts";
import { readGraph } from "./read-graph.ts";
import { readLayer } from "./read-layer.ts";
import { isOperation } from "./read-operation.ts";
import {
  type Entry,
  type Reading,
  isGraph,
  isModel,
  nameEntry,
  plainLayerName,
  readEntry,
  refuse,
  withoutTuples,
} from "./reading.ts";

/** Models within models that are read. */
const deepest = 100;

/**
 * A model in Keras 3's JSON from that of Keras 2 or TensorFlow.js.
 *
 * What only differs in words is said in Keras 3's. Functions of TensorFlow become operations of `keras.ops`. An activation that
 * Keras 3 computes differently, or that is a layer, becomes layers after the one that has it. A `/` in a layer's name becomes `_`. Options that
 * are not known stay, for whoever makes the model to refuse.
 *
 * @param config the parsed JSON: `model.to_json()`, or `model_config` of a file
 * @param source the file, for errors
 * @param isFromTfjs whether TensorFlow.js itself saved it, which computes some layers otherwise than Keras
 * @throws {FormatError} it is not such a model, or has what cannot run here, such as a `Lambda`.
 */
export function fromKeras2(config: unknown, source: string, isFromTfjs = false): JsonObject {
  const reading: Reading = { source, depth: 0, isFromTfjs };
  const entry = readEntry(config, reading);
  if (isModel(entry)) return readModel(entry, reading);
  return refuse(reading, "class_name", "Sequential, Functional or Model", entry.className);
}

function readModel(entry: Entry, reading: Reading): JsonObject {
  if (reading.depth > deepest)
    refuse(reading, "models", `nested at most ${deepest} deep`, `${nameEntry(entry)} deeper`);
  const inner = { ...reading, depth: reading.depth + 1 };
  const { name, trainable, layers } = entry.config;
  if (!Array.isArray(layers)) return refuse(reading, `layers of ${nameEntry(entry)}`, "a list", layers);
  const entries = layers.map((layer: unknown) => readEntry(layer, inner));
  const graph = isGraph(entry);
  const content = graph
    ? readGraph(entry, entries, (layer) => readAny(layer, inner), inner)
    : readStack(entry, entries, inner);
  return {
    module: graph ? "keras.src.models.functional" : "keras",
    class_name: graph ? "Functional" : "Sequential",
    config: {
      ...(typeof name === "string" ? { name: plainLayerName(name) } : {}),
      ...(trainable === undefined ? {} : { trainable }),
      ...content,
    },
    registered_name: graph ? "Functional" : null,
  };
}

/** A layer or model, and the layers that its activation became. */
function readAny(entry: Entry, reading: Reading): readonly JsonObject[] {
  if (isModel(entry)) return [readModel(entry, reading)];
  const { object, followers } = readLayer(entry, reading);
  return [object, ...followers];
}

function readStack({ config }: Entry, entries: readonly Entry[], reading: Reading): JsonObject {
  const built = withoutTuples(config["build_input_shape"]);
  const layers = entries.flatMap((entry) => {
    if (!isOperation(entry)) return readAny(entry, reading);
    return refuse(reading, `operation ${nameEntry(entry)}`, "in a functional model", "it in a Sequential");
  });
  return {
    layers: [...inputOf(entries[0]), ...layers],
    ...(Array.isArray(built) ? { build_input_shape: built } : {}),
  };
}

/** The input that a Sequential's first layer stands for in Keras 2. */
function inputOf(first: Entry | undefined): readonly JsonObject[] {
  const shape = withoutTuples(first?.config["batch_input_shape"]);
  if (first === undefined || first.className === "InputLayer" || isModel(first) || !Array.isArray(shape)) return [];
  const name = `${plainLayerName(first.name ?? "layer")}_input`;
  return [
    {
      module: "keras.layers",
      class_name: "InputLayer",
      config: { batch_shape: shape, dtype: "float32", sparse: false, ragged: false, name, optional: false },
      registered_name: null,
    },
  ];
}
