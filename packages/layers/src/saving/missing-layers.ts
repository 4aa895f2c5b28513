import { FormatError } from "@featuremap/tensor";
import { isRecord } from "../config/config-reader.ts";
import { kerasOperations } from "./keras-operations.ts";
import { isOperation } from "./operation-reader.ts";

type Entry = Readonly<Record<string, unknown>>;

/** Classes of Keras that are made of layers, whose config holds them. */
export const composites: ReadonlySet<string> = new Set(["Sequential", "Functional", "Model", "Pipeline"]);
/** Models within models that are read. */
export const deepest = 100;
/** Names that an error lists. */
const mostListed = 20;

/**
 * Refuses a model of layers or operations that are not here, naming all of them at once: whoever adds the first should know of the last.
 *
 * @param isKnown whether a layer of the class can be made
 * @throws {FormatError} there are such layers.
 */
export function refuseMissingLayers(value: unknown, source: string, isKnown: (entry: Entry) => boolean): void {
  const missing = new Set<string>();
  collect(value, isKnown, missing, 0);
  if (missing.size === 0) return;
  const names = [...missing];
  const listed = names.slice(0, mostListed).join(", ");
  const found = names.length > mostListed ? `${listed} and ${names.length - mostListed} more` : listed;
  const code = missing.has("Lambda") ? "; a Lambda is Python code, which is never run here" : "";
  const expected =
    "those of Keras that are here (docs/reference/keras.md has the list), or registered by registerKerasSerializable";
  throw new FormatError(source, "class_name of all layers", `one of ${expected}${code}`, found);
}

function collect(value: unknown, isKnown: (entry: Entry) => boolean, missing: Set<string>, depth: number): void {
  if (!isRecord(value) || depth > deepest) return;
  const { class_name: className, config } = value;
  if (typeof className !== "string" || !isRecord(config)) return;
  if (isOperation(value)) {
    if (!Object.hasOwn(kerasOperations, className)) missing.add(`operation ${className}`);
    return;
  }
  if (!isKnown(value)) missing.add(className);
  if (className === "SpectralNormalization") collect(config["layer"], isKnown, missing, depth + 1);
  if (!composites.has(className) || !Array.isArray(config["layers"])) return;
  for (const layer of config["layers"]) collect(layer, isKnown, missing, depth + 1);
}
