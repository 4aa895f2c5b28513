import { type ConfigReader, isRecord } from "./config-reader.ts";
import type { Layer, SymbolicTensor } from "./layer.ts";
import { Model } from "./model.ts";

type History = readonly [name: string, node: number, tensor: number];

interface PendingLayer {
  readonly layer: Layer;
  /** Inputs of each use that is still to be made. */
  readonly uses: (readonly History[])[];
}

/** A functional model from its config, by using each layer as soon as its inputs exist. */
export function deserializeFunctional(reader: ConfigReader, readLayer: (config: unknown) => Layer): Model {
  const pending = readLayers(reader, readLayer);
  const find = ([name, node, tensor]: History, offset = 0): SymbolicTensor | undefined =>
    pending.get(name)?.layer.nodes[node - offset]?.outputs[tensor];
  for (let progress = true; progress;) {
    progress = false;
    for (const { layer, uses } of pending.values()) {
      for (let inputs = resolve(uses[0], find); inputs !== null; inputs = resolve(uses[0], find)) {
        layer.applyAll(inputs);
        uses.shift();
        progress = true;
      }
    }
  }
  const stuck = [...pending.values()].find(({ uses }) => uses.length > 0);
  if (stuck !== undefined) return reader.fail("inbound_nodes", "connected to the inputs", stuck.layer.name);
  const end = (history: History, key: string): SymbolicTensor => {
    // Keras counts a functional model's own input and output as its node 0, but only in this place.
    const isModel = pending.get(history[0])?.layer.className === "Functional";
    return find(history, isModel ? 1 : 0) ?? reader.fail(key, "a tensor of the model", history);
  };
  const ends = (key: string): SymbolicTensor | SymbolicTensor[] => {
    const value = reader.take(key);
    if (isHistory(value)) return end(value, key);
    // Named inputs and outputs are taken in the order of their names, as Keras flattens them.
    const list = isRecord(value)
      ? Object.keys(value)
          .toSorted()
          .map((name) => value[name])
      : value;
    if (!Array.isArray(list)) return reader.fail(key, "a list of tensors", value);
    return list.map((entry) => (isHistory(entry) ? end(entry, key) : reader.fail(key, "[layer, node, tensor]", entry)));
  };
  const { name, trainable } = reader.base();
  return new Model({ inputs: ends("input_layers"), outputs: ends("output_layers"), name, trainable });
}

function readLayers(reader: ConfigReader, readLayer: (config: unknown) => Layer): ReadonlyMap<string, PendingLayer> {
  const layers = reader.take("layers");
  if (!Array.isArray(layers)) return reader.fail("layers", "a list", layers);
  const pending = new Map<string, PendingLayer>();
  for (const entry of layers as unknown[]) {
    const layer = readLayer(entry);
    const nodes = isRecord(entry) ? (entry["inbound_nodes"] ?? []) : [];
    if (!Array.isArray(nodes)) return reader.fail("inbound_nodes", "a list", nodes);
    const name = isRecord(entry) && typeof entry["name"] === "string" ? entry["name"] : layer.name;
    pending.set(name, { layer, uses: nodes.map((node) => readUse(reader, name, node)) });
  }
  return pending;
}

/** The tensors that go into one use: Keras 3's `{args, kwargs}`. */
function readUse(reader: ConfigReader, name: string, node: unknown): readonly History[] {
  const args: unknown = isRecord(node) ? node["args"] : null;
  if (!Array.isArray(args)) return reader.fail(`inbound_nodes of ${name}`, "args", node);
  return (args as unknown[]).flat().map((argument) => {
    const config = isRecord(argument) && isRecord(argument["config"]) ? argument["config"] : {};
    const history = config["keras_history"];
    return isHistory(history) ? history : reader.fail(`inbound_nodes of ${name}`, "tensors", argument);
  });
}

function resolve(
  use: readonly History[] | undefined,
  find: (history: History) => SymbolicTensor | undefined,
): SymbolicTensor[] | null {
  if (use === undefined) return null;
  const tensors: SymbolicTensor[] = [];
  for (const history of use) {
    const tensor = find(history);
    if (tensor === undefined) return null;
    tensors.push(tensor);
  }
  return tensors;
}

function isHistory(value: unknown): value is History {
  return (
    Array.isArray(value) &&
    value.length === 3 &&
    typeof value[0] === "string" &&
    Number.isInteger(value[1]) &&
    Number.isInteger(value[2])
  );
}
