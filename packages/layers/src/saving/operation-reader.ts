import { FeaturemapError, HostArray, type NestedNumbers } from "@featuremap/tensor";
import { type ConfigReader, isRecord } from "../config/config-reader.ts";
import { kerasOperations } from "./keras-operations.ts";
import {
  type Computation,
  type ConstantOperand,
  OperationLayer,
  type OperationObject,
} from "../model/operation-layer.ts";

type Entry = Readonly<Record<string, unknown>>;

/** Whether a node of Keras's functional config is an operation of `keras.ops`, not a layer; some share their names. */
export function isOperation(entry: unknown): entry is Entry {
  return (
    isRecord(entry) && typeof entry["module"] === "string" && /^keras\.src\.(ops|activations)\./.test(entry["module"])
  );
}

/**
 * An operation from the config, with the numbers that stand among its arguments.
 *
 * @param reader of the operation's own config
 * @param nodes its uses
 * @throws {FormatError} the operation is not known here, or its arguments are not what it takes.
 */
export function readOperation(entry: Entry, reader: ConfigReader, nodes: readonly unknown[]): OperationLayer {
  const { class_name: className, module, registered_name: registered = null, config } = entry;
  const read = typeof className === "string" && Object.hasOwn(kerasOperations, className) && kerasOperations[className];
  if (typeof className !== "string" || !read) {
    return reader.fail("operation", `one of ${Object.keys(kerasOperations).join(", ")}`, className);
  }
  reader.string("name");
  const computation = read(reader, secondArgument(nodes[0]));
  reader.finish();
  const [constants = [], ...others] = nodes.map((node) => readConstants(reader, computation, node));
  if (others.some((other) => JSON.stringify(other) !== JSON.stringify(constants))) {
    return reader.fail("arguments", "the same in every use, but for tensors", others.length + 1);
  }
  const object = { module, class_name: className, config, registered_name: registered } as OperationObject;
  return new OperationLayer(object, computation, constants);
}

function secondArgument(node: unknown): unknown {
  const args = isRecord(node) ? node["args"] : undefined;
  return Array.isArray(args) ? args[1] : undefined;
}

/** All operands of one use in order. */
function readConstants(reader: ConfigReader, { operands }: Computation, node: unknown): readonly ConstantOperand[] {
  const { args, kwargs } = isRecord(node) ? node : {};
  if (isRecord(kwargs) && Object.values(kwargs).some((value) => value !== null)) {
    return reader.fail("arguments", "given by place", Object.keys(kwargs));
  }
  if (operands === "tensor and items") {
    // Which items they are is read with the operation, and their JSON alone stays here.
    if (Array.isArray(args) && args.length === 2 && isTensor(args[0])) return [null, { value: 0, json: args[1] }];
    return reader.fail("arguments", "a tensor and items", args);
  }
  const given: unknown = operands === "list" && Array.isArray(args) && args.length === 1 ? args[0] : args;
  if (!Array.isArray(given) || (operands !== "list" && given.length !== operands)) {
    return reader.fail("arguments", operands === "list" ? "a list of tensors" : `${operands} in number`, given);
  }
  if (!given.some(isTensor)) return reader.fail("arguments", "one tensor or more", given);
  return given.map((argument) => {
    if (isTensor(argument)) return null;
    const value = operands === "list" ? undefined : readConstant(argument);
    return value === undefined ? reader.fail("arguments", "tensors and numbers", argument) : { value, json: argument };
  });
}

/** Whether an argument is a tensor of the graph. */
export function isTensor(argument: unknown): argument is Entry {
  return isRecord(argument) && argument["class_name"] === "__keras_tensor__";
}

function readConstant(argument: unknown): number | HostArray | undefined {
  if (typeof argument === "number") return argument;
  const known = isRecord(argument) && ["__numpy__", "__tensor__"].includes(String(argument["class_name"]));
  const config = known ? argument["config"] : undefined;
  try {
    return isRecord(config) ? HostArray.from(config["value"] as NestedNumbers) : undefined;
  } catch (error) {
    if (error instanceof FeaturemapError) return undefined;
    throw error;
  }
}
