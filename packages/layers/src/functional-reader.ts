import { type ConfigReader, isRecord } from "./config-reader.ts";
import type { Layer, SymbolicTensor } from "./layer.ts";
import type { CallCounter } from "./model-limits.ts";
import { Model } from "./model.ts";

type History = readonly [name: string, node: number, tensor: number];

interface PendingLayer {
  readonly layer: Layer;
  /** Inputs of each use that is still to be made. */
  readonly uses: readonly (readonly History[])[];
  /** How many of them are made. */
  used: number;
}

/** Finds the tensor that a layer's use has given, if it has been used so often. */
type Find = (history: History) => SymbolicTensor | undefined;

/** A functional model from its config, by using each layer as soon as its inputs exist. */
export function deserializeFunctional(
  reader: ConfigReader,
  readLayer: (config: unknown) => Layer,
  calls: CallCounter,
): Model {
  const pending = readLayers(reader, readLayer);
  const find = ([name, node, tensor]: History, offset = 0): SymbolicTensor | undefined =>
    pending.get(name)?.layer.nodes[node - offset]?.outputs[tensor];
  applyInOrder(pending, (history) => find(history), calls.ofModel());
  const stuck = [...pending.values()].find(({ uses, used }) => used < uses.length);
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
    if (pending.has(name)) return reader.fail("layers", "of different names", `${name} twice`);
    pending.set(name, { layer, uses: nodes.map((node) => readUse(reader, name, node)), used: 0 });
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

/**
 * Uses each layer as soon as its inputs exist. A use that waits for a tensor is looked at again once that is made, so the work
 * grows with the connections, in whatever order the layers stand.
 */
function applyInOrder(pending: ReadonlyMap<string, PendingLayer>, find: Find, count: (layer: Layer) => void): void {
  const waiting = new Map<string, [string, PendingLayer][]>();
  const queue = [...pending].toReversed();
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const [name, entry] = next;
    const { layer, uses } = entry;
    for (let use = uses[entry.used]; use !== undefined; use = uses[entry.used]) {
      const inputs = use.map(find);
      const missing = use.find((_, index) => inputs[index] === undefined);
      if (missing !== undefined) {
        const key = nodeKey(missing[0], missing[1]);
        const others = waiting.get(key);
        if (others === undefined) waiting.set(key, [next]);
        else others.push(next);
        break;
      }
      count(layer);
      layer.applyAll(inputs as SymbolicTensor[]);
      entry.used++;
      const made = nodeKey(name, layer.nodes.length - 1);
      for (const waiter of waiting.get(made) ?? []) queue.push(waiter);
      waiting.delete(made);
    }
  }
}

function nodeKey(layer: string, node: number): string {
  return `${node} ${layer}`;
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
