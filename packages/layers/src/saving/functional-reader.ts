import { type ConfigReader, isRecord } from "../config/config-reader.ts";
import type { Layer, LayerNode, SymbolicTensor } from "../layer/layer.ts";
import { InputLayer } from "../model/input-layer.ts";
import type { CallCounter } from "../model/model-limits.ts";
import { type ModelEnds, namesOf } from "../model/model-ends.ts";
import { Model } from "../model/model.ts";
import { isOperation, isTensor, readOperation } from "./operation-reader.ts";

type History = readonly [name: string, node: number, tensor: number];

/** One use of a layer: the tensors that go in, and whether it trains regardless of the pass, as Keras's JSON says it. */
interface Use {
  readonly inputs: readonly History[];
  readonly training: boolean | undefined;
}

interface PendingLayer {
  readonly layer: Layer;
  readonly uses: readonly Use[];
  /** How many of them are made. */
  used: number;
  /** Uses of the layer by models within, which do not count in this one. */
  before: number;
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
    findNode(pending.get(name), node - offset)?.outputs[tensor];
  applyInOrder(pending, (history) => find(history), calls.ofModel());
  const stuck = [...pending.values()].find(({ uses, used }) => used < uses.length);
  if (stuck !== undefined) return reader.fail("inbound_nodes", "connected to the inputs", stuck.layer.name);
  const end = (history: History, key: string): SymbolicTensor => {
    // Keras counts a functional model's own input and output as its node 0, but only in this place.
    const isModel = pending.get(history[0])?.layer.className === "Functional";
    return find(history, isModel ? 1 : 0) ?? reader.fail(key, "a tensor of the model", history);
  };
  const ends = (key: string): ModelEnds => {
    const value = reader.take(key);
    if (isHistory(value)) return end(value, key);
    const tensor = (entry: unknown): SymbolicTensor =>
      isHistory(entry) ? end(entry, key) : reader.fail(key, "[layer, node, tensor]", entry);
    if (isRecord(value)) return Object.fromEntries(Object.keys(value).map((name) => [name, tensor(value[name])]));
    return Array.isArray(value) ? value.map(tensor) : reader.fail(key, "a list of tensors", value);
  };
  const { name, trainable } = reader.base();
  return new Model({ inputs: ends("input_layers"), outputs: ends("output_layers"), name, trainable });
}

function readLayers(reader: ConfigReader, readLayer: (config: unknown) => Layer): ReadonlyMap<string, PendingLayer> {
  const layers = reader.take("layers");
  if (!Array.isArray(layers)) return reader.fail("layers", "a list", layers);
  const pending = new Map<string, PendingLayer>();
  for (const entry of layers as unknown[]) {
    const nodes: unknown = isRecord(entry) ? (entry["inbound_nodes"] ?? []) : [];
    if (!Array.isArray(nodes)) return reader.fail("inbound_nodes", "a list", nodes);
    const operation = isOperation(entry);
    const layer = operation ? readOperation(entry, reader.inner("layers", entry["config"]), nodes) : readLayer(entry);
    const name = isRecord(entry) && typeof entry["name"] === "string" ? entry["name"] : layer.name;
    if (pending.has(name)) return reader.fail("layers", "of different names", `${name} twice`);
    pending.set(name, { layer, uses: nodes.map((node) => readUse(reader, name, node, operation)), used: 0, before: 0 });
  }
  // An input has its node from the beginning.
  for (const entry of pending.values()) entry.before = entry.layer instanceof InputLayer ? 0 : entry.layer.nodes.length;
  return pending;
}

function findNode(entry: PendingLayer | undefined, index: number): LayerNode | undefined {
  return index < 0 ? undefined : entry?.layer.nodes[entry.before + index];
}

/** Keras 3's `{args, kwargs}` of one use. Operations have read the numbers among the arguments. */
function readUse(reader: ConfigReader, name: string, node: unknown, operation: boolean): Use {
  const { args, kwargs = {} } = isRecord(node) ? node : {};
  if (!Array.isArray(args) || !isRecord(kwargs)) return reader.fail(`inbound_nodes of ${name}`, "args", node);
  const { inputs: named, training, ...others } = kwargs;
  const other = Object.keys(others).find((key) => hasValue(others[key]));
  if (other !== undefined) return reader.fail(`inbound_nodes of ${name}`, "tensors and training", other);
  if (training !== undefined && training !== null && typeof training !== "boolean") {
    return reader.fail(`training of ${name}`, "true, false or null", training);
  }
  const given = (args.length === 0 && named !== undefined ? [named] : (args as unknown[]))
    .flat()
    .flatMap(inOrderOfNames);
  const inputs = (operation ? given.filter(isTensor) : given).map((argument) => {
    const config = isRecord(argument) && isRecord(argument["config"]) ? argument["config"] : {};
    const history = config["keras_history"];
    return isHistory(history) ? history : reader.fail(`inbound_nodes of ${name}`, "tensors", argument);
  });
  return { inputs, training: training ?? undefined };
}

/** Several tensors in one dictionary, as Keras flattens it; what is not a dictionary of the user's stays as it is. */
function inOrderOfNames(argument: unknown): readonly unknown[] {
  if (!isRecord(argument) || "class_name" in argument) return [argument];
  return namesOf(argument).map((name) => argument[name]);
}

/** Whether an argument is more than Keras's `None`, or several of them. */
function hasValue(argument: unknown): boolean {
  if (isRecord(argument)) return Object.values(argument).some(hasValue);
  return Array.isArray(argument) ? argument.some(hasValue) : (argument ?? null) !== null;
}

/**
 * Uses each layer as soon as its inputs exist. A use that waits for a tensor is looked at again once that is made, so the work
 * grows with the connections, in any order of the layers.
 */
function applyInOrder(pending: ReadonlyMap<string, PendingLayer>, find: Find, count: (layer: Layer) => void): void {
  const waiting = new Map<string, [string, PendingLayer][]>();
  const queue = [...pending].toReversed();
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const [name, entry] = next;
    const { layer, uses } = entry;
    for (let use = uses[entry.used]; use !== undefined; use = uses[entry.used]) {
      const inputs = use.inputs.map(find);
      const missing = use.inputs.find((_, index) => inputs[index] === undefined);
      if (missing !== undefined) {
        const key = nodeKey(missing[0], missing[1]);
        const others = waiting.get(key);
        if (others === undefined) waiting.set(key, [next]);
        else others.push(next);
        break;
      }
      count(layer);
      // What Keras writes where nobody said anything is left to the pass.
      const training = use.training === layer.usualTraining(inputs.length) ? undefined : use.training;
      layer.applyAll(inputs as SymbolicTensor[], { training });
      entry.used++;
      const made = nodeKey(name, layer.nodes.length - 1 - entry.before);
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
