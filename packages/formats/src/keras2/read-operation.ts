import { type JsonObject, isObject } from "../reading/json.ts";
import { type Argument, type Use } from "./read-nodes.ts";
import { type Entry, type Reading, nameEntry, plainLayerName, refuse } from "./reading.ts";
import { type FunctionCall, type Operation, graphOperations, translationOf } from "./tensorflow-functions.ts";

/** Classes of Keras 2 that are a function of TensorFlow as a node of the graph. */
const operationClasses: ReadonlySet<string> = new Set(["TFOpLambda", "SlicingOpLambda", "TensorFlowOpLayer"]);

export function isOperation({ className }: Entry): boolean {
  return operationClasses.has(className);
}

/** An argument among keywords: the tensor of a layer, or undefined. */
export type FindTensor = (value: unknown) => Argument | undefined;

/**
 * One use of a function of TensorFlow, as an operation of `keras.ops`.
 *
 * @throws {FormatError} there is none that does the same, or an argument is not clear.
 */
export function readOperation(entry: Entry, use: Use, find: FindTensor, reading: Reading): Operation {
  if (entry.className === "SlicingOpLambda") return readSlicing(entry, use, reading);
  const called = entry.className === "TensorFlowOpLayer" ? ofGraph(entry, use, reading) : ofFunction(entry, use);
  const what = `operation ${nameEntry(entry)}`;
  const left = new Set(Object.keys(called.keywords).filter((key) => (called.keywords[key] ?? null) !== null));
  left.delete("name");
  const take = (name: string): unknown => {
    left.delete(name);
    return called.keywords[name] ?? undefined;
  };
  const call: FunctionCall = {
    inputs: called.inputs.map((input) =>
      "place" in input ? input : { constant: readConstant(input.constant, what, reading) },
    ),
    operand: (name) => {
      const value = take(name);
      return find(value) ?? { constant: readConstant(value, what, reading) };
    },
    plain: take,
  };
  const operation = translationOf(called.name)?.(call);
  if (operation === undefined) {
    return refuse(reading, what, "a function of TensorFlow that keras.ops has too", called.name);
  }
  if (left.size > 0) return refuse(reading, what, `${called.name} without other arguments`, [...left].join(", "));
  return operation;
}

interface Called {
  readonly name: string;
  readonly inputs: readonly Argument[];
  readonly keywords: JsonObject;
}

function ofFunction({ config }: Entry, { inputs, keywords }: Use): Called {
  return { name: String(config["function"]), inputs, keywords };
}

/** A node of TensorFlow's graph, as Keras 2.2 to 2.3 kept them, with its constants by their places. */
function ofGraph(entry: Entry, { inputs }: Use, reading: Reading): Called {
  const { node_def: given, constants } = entry.config;
  const what = `node_def of ${nameEntry(entry)}`;
  const node = typeof given === "string" ? parse(given) : given;
  if (!isObject(node) || typeof node["op"] !== "string") return refuse(reading, what, "a node of TensorFlow", given);
  const operation = graphOperations.get(node["op"]);
  if (operation === undefined) {
    return refuse(reading, what, "an operation of TensorFlow that keras.ops has too", node["op"]);
  }
  const fixed = isObject(constants) ? constants : {};
  const rest = inputs.values();
  const count = inputs.length + Object.keys(fixed).length;
  const all = Array.from({ length: Math.min(count, 3) }, (_, place): Argument | undefined =>
    Object.hasOwn(fixed, String(place)) ? { constant: fixed[String(place)] } : rest.next().value,
  );
  const [first, second] = all;
  if (first === undefined || count > (operation.second === undefined ? 1 : 2)) {
    return refuse(reading, what, "with inputs that it takes", `${count}`);
  }
  const attributes = isObject(node["attr"]) ? node["attr"] : {};
  const kept = attributes["keep_dims"];
  const keepdims = operation.second === "axis" && isObject(kept) && kept["b"] === true ? { keepdims: true } : {};
  const keywords =
    operation.second === undefined || second === undefined ? {} : { [operation.second]: keyword(second), ...keepdims };
  return { name: operation.name, inputs: [first], keywords };
}

/** An argument as keywords hold it. */
function keyword(argument: Argument): unknown {
  if ("constant" in argument) return argument.constant;
  const { layer, node, tensor } = argument.place;
  return [layer, node, tensor];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `x[..., ::-1]`: its items are in the only keyword. */
function readSlicing(entry: Entry, { inputs, keywords }: Use, reading: Reading): Operation {
  const { slice_spec: given, ...others } = keywords;
  const what = `items of ${nameEntry(entry)}`;
  if (Object.values(others).some((value) => value !== null)) {
    return refuse(reading, what, "slice_spec alone", Object.keys(others).join(", "));
  }
  const items = (Array.isArray(given) ? given : [given]).map((item: unknown): unknown => {
    if (item === null || Number.isInteger(item)) return item;
    if (!isObject(item)) return refuse(reading, what, "slices, integers, None and an ellipsis", item);
    if (item["class_name"] === "__ellipsis__") return { class_name: "__ellipsis__", config: {} };
    const { start = null, stop = null, step = null } = item;
    return { class_name: "__slice__", config: { start, stop, step } };
  });
  return { module: "keras.src.ops.numpy", className: "GetItem", config: {}, args: [...inputs, { constant: items }] };
}

/** A number as it is, an array as Keras 3 writes NumPy's. */
function readConstant(value: unknown, what: string, reading: Reading): unknown {
  if (typeof value === "number") return value;
  if (!Array.isArray(value)) return refuse(reading, what, "of tensors, numbers and arrays", value);
  return { class_name: "__numpy__", config: { value, dtype: "float32" } };
}

/** An operation in Keras 3's JSON. */
export function operationObject({ module, className, config }: Operation, name: string): JsonObject {
  return {
    module,
    class_name: className,
    config: { name: plainLayerName(name), ...config },
    registered_name: module === "keras.layers" ? null : className,
  };
}
