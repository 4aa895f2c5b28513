import { type JsonObject, isObject } from "../reading/json.ts";
import { type Argument, type Place, type Use, readPlace, readUse } from "./read-nodes.ts";
import { isOperation, operationObject, readOperation } from "./read-operation.ts";
import { type Entry, type Reading, nameEntry, plainLayerName, refuse, withoutTuples } from "./reading.ts";
import { Wiring, kerasTensor } from "./wiring.ts";

/** A layer of a graph with its uses, as the file has them. */
interface GraphLayer {
  readonly entry: Entry;
  readonly name: string;
  readonly uses: readonly Use[];
  /** The layer in Keras 3's JSON, and those that its activation became; none of an operation. */
  readonly objects: readonly JsonObject[];
}

/** Layers that take a list even of one tensor. */
const merging: ReadonlySet<string> = new Set([
  "Add",
  "Subtract",
  "Multiply",
  "Average",
  "Maximum",
  "Minimum",
  "Concatenate",
  "Dot",
]);

/** `layers`, `input_layers` and `output_layers` of a functional model. */
export function readGraph(
  model: Entry,
  entries: readonly Entry[],
  read: (entry: Entry) => readonly JsonObject[],
  reading: Reading,
): JsonObject {
  const graph = entries.map((entry): GraphLayer => {
    const { name } = entry;
    if (name === undefined) return refuse(reading, "layer of a graph", "of a name", entry.className);
    const uses = entry.nodes.map((node) => readUse(withoutTuples(node), nameEntry(entry), reading));
    return { entry, name, uses, objects: isOperation(entry) ? [] : read(entry) };
  });
  const names = new Set(graph.map(({ name }) => name));
  const [inputs, outputs] = ["input_layers", "output_layers"].map((key) => readEnds(model, key, names, reading));
  const places = graph
    .flatMap(({ uses }) => uses.flatMap((use) => use.inputs))
    .flatMap((input) => ("place" in input ? [input.place] : []));
  const wiring = new Wiring(
    graph.map(({ entry, name, uses, objects }) => ({
      entry,
      name,
      uses: uses.length,
      output: nameOf(objects.slice(1).at(-1)) ?? name,
    })),
    [...places, ...[inputs, outputs].flatMap((end) => end?.places ?? [])],
  );
  const layers = graph.flatMap((layer) =>
    isOperation(layer.entry) ? wireOperation(layer, names, wiring, reading) : wireLayer(layer, names, wiring, reading),
  );
  const write = (end: Ends | undefined): unknown => {
    const histories = end?.places.map((place) => wiring.end(place)) ?? [];
    return end?.listed === false ? histories[0] : histories;
  };
  return { layers, input_layers: write(inputs), output_layers: write(outputs) };
}

interface Ends {
  readonly places: readonly Place[];
  readonly listed: boolean;
}

function readEnds(model: Entry, key: string, names: ReadonlySet<string>, reading: Reading): Ends {
  const given = withoutTuples(model.config[key]);
  const one = readPlace(given, names);
  if (one !== undefined) return { places: [one], listed: false };
  // Inputs and outputs by name are taken in the order of their names, as Keras flattens them.
  const list = isObject(given)
    ? Object.keys(given)
        .toSorted()
        .map((name) => given[name])
    : given;
  if (!Array.isArray(list)) return refuse(reading, key, "a list of tensors", given);
  const find = (item: unknown, depth: number): readonly Place[] => {
    const place = readPlace(item, names);
    if (place !== undefined) return [place];
    // Keras 2 takes lists within lists, whose tensors count in the order in which they stand.
    if (Array.isArray(item) && item.length > 0 && item.every(Array.isArray) && depth < deepestEnds) {
      return item.flatMap((each: unknown) => find(each, depth + 1));
    }
    return refuse(reading, key, "[layer, node, tensor] of the model", item);
  };
  return { places: list.flatMap((item: unknown) => find(item, 0)), listed: true };
}

/** Lists within lists of outputs that are read. */
const deepestEnds = 20;

function wireLayer(
  { entry, name, uses, objects }: GraphLayer,
  names: ReadonlySet<string>,
  wiring: Wiring,
  reading: Reading,
): readonly JsonObject[] {
  const what = `inbound_nodes of ${nameEntry(entry)}`;
  const [object, ...followers] = objects;
  const nodes = uses.map(({ inputs, listed, keywords }) => {
    const tensors = inputs.map((input) =>
      "place" in input ? wiring.tensor(input.place) : refuse(reading, what, "tensors", input.constant),
    );
    const kwargs = Object.entries(keywords).map(([key, value]) => {
      const place = readPlace(value, names);
      return [key, place === undefined ? value : wiring.tensor(place)] as const;
    });
    const args = listed || merging.has(entry.className) ? [tensors] : tensors;
    return { args, kwargs: Object.fromEntries(kwargs) };
  });
  let before = plainLayerName(name);
  const after = followers.map((follower) => {
    const inbound = uses.map((_, node) => ({ args: [kerasTensor(before, node, 0)], kwargs: {} }));
    before = nameOf(follower) ?? before;
    return { ...follower, name: before, inbound_nodes: inbound };
  });
  return [{ ...object, name: plainLayerName(name), inbound_nodes: nodes }, ...after];
}

function wireOperation(
  { entry, name, uses }: GraphLayer,
  names: ReadonlySet<string>,
  wiring: Wiring,
  reading: Reading,
): readonly JsonObject[] {
  const find = (value: unknown): Argument | undefined => {
    const place = readPlace(value, names);
    return place === undefined ? undefined : { place };
  };
  const operations = uses.map((use) => readOperation(entry, use, find, reading));
  const [first] = operations;
  if (first === undefined) return refuse(reading, `operation ${nameEntry(entry)}`, "used in the graph", "no use");
  const object = operationObject(first, name);
  if (operations.some((other) => JSON.stringify(operationObject(other, name)) !== JSON.stringify(object))) {
    return refuse(reading, `operation ${nameEntry(entry)}`, "the same in every use", "different arguments");
  }
  const write = (argument: Argument): unknown =>
    "place" in argument ? wiring.tensor(argument.place) : argument.constant;
  const nodes = operations.map(({ args }) => ({
    args: args.map((argument) => ("list" in argument ? argument.list.map(write) : write(argument))),
    kwargs: {},
  }));
  return [{ ...object, name: plainLayerName(name), inbound_nodes: nodes }];
}

function nameOf(object: JsonObject | undefined): string | undefined {
  const config = object?.["config"];
  return isObject(config) && typeof config["name"] === "string" ? config["name"] : undefined;
}
