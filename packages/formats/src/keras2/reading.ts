import { FormatError, describeValue } from "@featuremap/tensor";
import { type JsonObject, describeFound, isObject } from "../reading/json.ts";

/** What reading one document of Keras 2 goes by. */
export interface Reading {
  /** The file, for errors. */
  readonly source: string;
  /** Models around what is read. */
  readonly depth: number;
  /** Whether TensorFlow.js itself saved it, which computes some layers otherwise than Keras. */
  readonly isFromTfjs: boolean;
}

/** @throws {FormatError} always. */
export function refuse(reading: Reading, what: string, expected: string, found: unknown): never {
  throw new FormatError(reading.source, what, expected, describeFound(found));
}

/** A layer as Keras 2 lists it: class, options and, in a graph, its uses. */
export interface Entry {
  readonly className: string;
  readonly config: JsonObject;
  /** Its name in the graph, as other layers refer to it. */
  readonly name: string | undefined;
  readonly registeredName: string | undefined;
  readonly nodes: readonly unknown[];
}

/** @throws {FormatError} it is not an object with a class and options. */
export function readEntry(value: unknown, reading: Reading): Entry {
  if (!isObject(value) || typeof value["class_name"] !== "string") {
    return refuse(reading, "layer", "an object with class_name and config", value);
  }
  const { class_name: given, registered_name: registered, inbound_nodes: nodes = [] } = value;
  // Sequential models of old versions are a list alone.
  const config = Array.isArray(value["config"]) ? { layers: value["config"] } : (value["config"] ?? {});
  if (!isObject(config)) return refuse(reading, `config of ${given}`, "an object", config);
  if (!Array.isArray(nodes)) return refuse(reading, `inbound_nodes of ${given}`, "a list", nodes);
  const isCustom = (name: unknown): name is string => typeof name === "string" && name.includes(">");
  const registeredName = [registered, given].find(isCustom);
  const name = value["name"] ?? config["name"];
  return {
    className: given.slice(given.lastIndexOf(">") + 1),
    config,
    name: typeof name === "string" ? name : undefined,
    registeredName,
    nodes,
  };
}

/** A name as Keras 3 allows it: Keras 2 had `/` in some, which now separates the parts of a weight's path. */
export function plainLayerName(name: string): string {
  return name.replaceAll("/", "_");
}

/** A value without the marks that TensorFlow sets on tuples and shapes. */
export function withoutTuples(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTuples);
  if (!isObject(value)) return value;
  const { class_name: className, items } = value;
  if ((className === "__tuple__" || className === "TensorShape") && Array.isArray(items)) {
    return items.map(withoutTuples);
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutTuples(inner)]));
}

/** An entry as errors name it. */
export function nameEntry({ className, name }: Entry): string {
  return name === undefined ? className : `${className} ${describeValue(name)}`;
}

/** Whether it is a functional model. */
export function isGraph({ className }: Entry): boolean {
  return className === "Model" || className === "Functional";
}

/** Whether it is made of layers. */
export function isModel(entry: Entry): boolean {
  return entry.className === "Sequential" || isGraph(entry);
}
