import { isObject } from "../reading/json.ts";
import { type JsonObject } from "../reading/json.ts";
import { type Reading, refuse } from "./reading.ts";

/** A tensor by the layer that made it, and a use and an output of that. */
export interface Place {
  readonly layer: string;
  readonly node: number;
  readonly tensor: number;
}

/** What a layer is called with: a tensor of the graph or a constant. */
export type Argument = { readonly place: Place } | { readonly constant: unknown };

/** One use of a layer. */
export interface Use {
  /** Several where they are given as a list or by name. */
  readonly inputs: readonly Argument[];
  readonly listed: boolean;
  readonly keywords: JsonObject;
}

const constantMark = "_CONSTANT_VALUE";

/**
 * One use as Keras 2 writes it: `[[name, node, tensor, keywords], ...]`, or one such list by itself.
 *
 * @throws {FormatError} it is not such a list.
 */
export function readUse(value: unknown, what: string, reading: Reading): Use {
  if (isTensorList(value)) return { inputs: [readArgument(value)], listed: false, keywords: keywordsOf(value) };
  // Inputs by name are taken in the order of their names, as Keras flattens them.
  const entries = isObject(value)
    ? Object.keys(value)
        .toSorted()
        .map((key) => value[key])
    : value;
  if (!Array.isArray(entries)) return refuse(reading, `inbound_nodes of ${what}`, "a list of tensors", value);
  const tensors = entries.map((entry: unknown) =>
    isTensorList(entry) ? entry : refuse(reading, `inbound_nodes of ${what}`, "[layer, node, tensor]", entry),
  );
  const [first] = tensors;
  return {
    inputs: tensors.map(readArgument),
    listed: tensors.length > 1,
    keywords: first === undefined ? {} : keywordsOf(first),
  };
}

type TensorList = readonly [string, number, unknown, ...unknown[]];

function isTensorList(value: unknown): value is TensorList {
  return Array.isArray(value) && value.length >= 3 && typeof value[0] === "string" && Number.isInteger(value[1]);
}

function readArgument([layer, node, tensor]: TensorList): Argument {
  if (layer === constantMark) return { constant: tensor };
  return { place: { layer, node, tensor: Number(tensor) } };
}

function keywordsOf(list: TensorList): JsonObject {
  return isObject(list[3]) ? list[3] : {};
}

/** `[layer, node, tensor]`, as the ends of a graph and tensors among keywords are written. */
export function readPlace(value: unknown, layers: ReadonlySet<string>): Place | undefined {
  if (!isTensorList(value) || value.length !== 3 || !layers.has(value[0]) || !Number.isInteger(value[2])) {
    return undefined;
  }
  return { layer: value[0], node: value[1], tensor: Number(value[2]) };
}
