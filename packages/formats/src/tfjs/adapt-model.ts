import { Model } from "@featuremap/layers";
import { isOperation } from "../keras2/is-operation.ts";
import { kerasTensor } from "../keras2/wiring.ts";
import { type JsonObject, isObject } from "../reading/json.ts";
import { adaptLayer } from "./adapt-layer.ts";
import { adaptOperation } from "./adapt-operation.ts";
import { type Adapted, type Findings, type Step, lack } from "./adapting.ts";

type History = readonly [layer: string, node: number, tensor: number];

/**
 * A model in Keras 3's JSON whose layers TensorFlow.js has, and that predicts the same as `model`, which `object` is of.
 *
 * Layers that it has not become some that it has, after a layer or in its place; `findings` tells of them, and of those for which
 * there are none.
 */
export function adaptModel(object: JsonObject, model: Model, findings: Findings): JsonObject {
  const { config } = object;
  if (!isObject(config) || !Array.isArray(config["layers"])) return object;
  const entries = config["layers"].filter(isObject);
  if (object["class_name"] === "Functional") return { ...object, config: adaptGraph(config, entries, model, findings) };
  const layers = entries.flatMap((entry) => {
    const own = model.layers.find(({ name }) => name === nameOf(entry));
    if (own instanceof Model && isModel(entry)) return [adaptModel(entry, own, findings)];
    const before = own && model.layers[model.layers.indexOf(own) - 1];
    // A layer may be used elsewhere too, for pictures of other sizes.
    const axes = (before?.output ?? model.input).shape.map(() => null);
    const layer = adaptedOf(entry, axes, findings);
    const steps = adaptLayer(layer);
    const usable = steps.some(({ from }) => from !== undefined) ? lack(layer, "in a Sequential") : steps;
    return usable.map(stepObject);
  });
  return { ...object, config: { ...config, layers } };
}

function isModel(entry: JsonObject): boolean {
  return isObject(entry["config"]) && Array.isArray(entry["config"]["layers"]) && entry["class_name"] !== "Pipeline";
}

function adaptedOf(entry: JsonObject, inputShape: Adapted["inputShape"], findings: Findings): Adapted {
  const config = isObject(entry["config"]) ? entry["config"] : {};
  return {
    className: String(entry["class_name"]),
    config,
    name: nameOf(entry),
    inputShape,
    findings,
  };
}

function nameOf({ name, config }: JsonObject): string {
  return String(name ?? (isObject(config) ? config["name"] : undefined));
}

function stepObject({ className, config }: Step): JsonObject {
  return { module: "keras.layers", class_name: className, config, registered_name: null };
}

/** A layer of a graph, and what it becomes: a model within the model as it is, else steps. */
interface GraphPart {
  readonly name: string;
  readonly nodes: readonly unknown[];
  readonly inner?: JsonObject;
  readonly steps: readonly Step[];
}

function adaptGraph(config: JsonObject, entries: readonly JsonObject[], model: Model, findings: Findings): JsonObject {
  const parts = entries.map((entry): GraphPart => {
    const nodes = nodesOf(entry);
    const layer = adaptedOf(entry, shapeOf(tensorsOf(nodes[0])[0]), findings);
    const own = model.layers.find(({ name }) => name === layer.name);
    if (own instanceof Model && isModel(entry)) {
      return { name: layer.name, nodes, inner: adaptModel(entry, own, findings), steps: [] };
    }
    const steps = isOperation(entry) ? adaptOperation(layer, operandsOf(nodes[0])) : adaptLayer(layer);
    return { name: layer.name, nodes, steps };
  });
  const outputs = new Map(parts.map(({ name, steps }) => [name, steps.length < 2 ? name : stepName(steps.at(-1))]));
  const follow = ([layer, node, tensor]: History): History => [outputs.get(layer) ?? layer, node, tensor];
  const connect = (node: unknown): JsonObject => {
    const tensors = tensorsOf(node).map((tensor) => {
      const history = isObject(tensor["config"]) ? tensor["config"]["keras_history"] : undefined;
      return kerasTensor(...(isHistory(history) ? follow(history) : (["", 0, 0] as const)));
    });
    return { args: [tensors], kwargs: isObject(node) ? node["kwargs"] : {} };
  };
  const layers = parts.flatMap(({ name, nodes, inner: written, steps }) => {
    if (written !== undefined) return [{ ...written, name, inbound_nodes: nodes.map(connect) }];
    const names = steps.map(stepName);
    const inner = (step: Step, index: number, node: number): JsonObject => {
      const tensors = (step.from ?? [index - 1]).map((place) => kerasTensor(names[place] ?? "", node, 0));
      return { args: [tensors], kwargs: {} };
    };
    return steps.map((step, index) => ({
      ...stepObject(step),
      name: names[index],
      inbound_nodes: nodes.map((node, place) => (index === 0 ? connect(node) : inner(step, index, place))),
    }));
  });
  const { output_layers: ends } = config;
  const followAll = (end: unknown): unknown => {
    if (isHistory(end)) return follow(end);
    if (Array.isArray(end)) return end.map(followAll);
    return isObject(end) ? Object.fromEntries(Object.entries(end).map(([name, each]) => [name, followAll(each)])) : end;
  };
  return { ...config, layers, output_layers: followAll(ends) };
}

function stepName(step: Step | undefined): string {
  return String(step?.config["name"]);
}

function nodesOf(entry: JsonObject): readonly unknown[] {
  return Array.isArray(entry["inbound_nodes"]) ? entry["inbound_nodes"] : [];
}

function argumentsOf(node: unknown): readonly unknown[] {
  const { args } = isObject(node) ? node : {};
  return Array.isArray(args) ? args.flat() : [];
}

function isTensor(value: unknown): value is JsonObject {
  return isObject(value) && value["class_name"] === "__keras_tensor__";
}

function tensorsOf(node: unknown): readonly JsonObject[] {
  return argumentsOf(node).filter(isTensor);
}

/** Numbers, and `null` for tensors; what is neither counts as no number. */
function operandsOf(node: unknown): readonly (number | null)[] {
  return argumentsOf(node).map((each) => (isTensor(each) ? null : typeof each === "number" ? each : Number.NaN));
}

function shapeOf(tensor: JsonObject | undefined): readonly (number | null)[] | undefined {
  const shape = isObject(tensor?.["config"]) ? tensor["config"]["shape"] : undefined;
  return Array.isArray(shape) ? (shape as (number | null)[]) : undefined;
}

function isHistory(value: unknown): value is History {
  return (
    Array.isArray(value) && value.length === 3 && typeof value[0] === "string" && value.slice(1).every(Number.isInteger)
  );
}
