import { FormatError, describeValue } from "@featuremap/tensor";
import { type JsonObject, isObject } from "./json.ts";

/** What layers can be computed in instead, with results at least as exact: a file's weights fit into float32 or are checked to. */
const computable = new Set(["mixed_float16", "mixed_bfloat16", "float16", "bfloat16", "float64"]);

/** What an input may be given as, and comes to as a number. */
const numeric = /^(u?int(8|16|32|64)|bool|float(16|32|64)|bfloat16)$/;

/** Values, whose `dtype` is that of their elements. */
const values = new Set(["__numpy__", "__tensor__", "__keras_tensor__"]);

/**
 * Keras's JSON of a model, to be computed in float32, which is all that layers are computed in here.
 *
 * Models of mixed precision keep their weights in float32 anyway; inputs of integers come as the same numbers.
 *
 * @param source the file, for the error
 * @returns the config, and a sentence that says what was changed
 * @throws {FormatError} layers are quantized: their weights are others.
 */
export function asFloat32(
  config: JsonObject,
  source: string,
): { readonly config: JsonObject; readonly notes: readonly string[] } {
  const replaced = new Map<string, number>();
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (!isObject(value)) return value;
    if (typeof value["class_name"] === "string" && values.has(value["class_name"])) return value;
    const isInput = value["class_name"] === "InputLayer";
    const entries = Object.entries(value).map(([key, entry]): [string, unknown] => {
      if (key !== "config" || !isObject(entry) || !Object.hasOwn(entry, "dtype")) return [key, walk(entry)];
      const { dtype, ...others } = entry;
      const rest = walk(others) as JsonObject;
      return [key, { ...rest, dtype: inFloat32(dtype, isInput, String(entry["name"] ?? value["class_name"])) }];
    });
    return Object.fromEntries(entries);
  };
  const inFloat32 = (dtype: unknown, isInput: boolean, name: string): unknown => {
    const policy = nameOf(dtype);
    const isQuantized = policy !== undefined && /_from_/.test(policy);
    if (isQuantized) throw new FormatError(source, `dtype of ${describeValue(name)}`, "float32 or mixed", policy);
    if (policy === undefined || policy === "float32") return dtype;
    if (!(computable.has(policy) || (isInput && numeric.test(policy)))) return dtype;
    const what = isInput ? `inputs of ${policy}` : policy;
    replaced.set(what, (replaced.get(what) ?? 0) + 1);
    return "float32";
  };
  const changed = walk(config) as JsonObject;
  const notes = [...replaced].map(
    ([what, count]) => `Computed in float32 where the file says ${what} (${count} layers).`,
  );
  return { config: changed, notes };
}

/** A policy's name, of a string or of Keras's object; undefined where that has one for each layer. */
function nameOf(dtype: unknown): string | undefined {
  if (typeof dtype === "string") return dtype;
  const config = isObject(dtype) && isObject(dtype["config"]) ? dtype["config"] : {};
  const { name, mode, source_name: from } = config;
  if (typeof mode === "string") return `${mode}_from_${String(from)}`;
  return typeof name === "string" ? name : undefined;
}
