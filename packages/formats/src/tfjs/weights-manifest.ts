import { type FixedShape, FormatError, describeValue } from "@featuremap/tensor";
import { describeFound, isObject } from "../reading/json.ts";
import { type ElementType, elementBytes } from "../tensors/element-types.ts";

/** How stored integers become values: `value = stored * scale + min`; halves are values already. */
export interface Quantization {
  readonly type: "uint8" | "uint16" | "float16";
  readonly scale: number;
  readonly min: number;
}

/** A weight as the manifest lists it. */
export interface ListedWeight {
  readonly name: string;
  readonly shape: FixedShape;
  /** Of its values; where it is quantized, the file has the quantization's. */
  readonly type: ElementType;
  readonly quantization: Quantization | undefined;
  /** Whether it belongs to the optimizer. */
  readonly isOptimizers: boolean;
  /** Its bytes `[begin, end)` in the group's files, laid end to end. */
  readonly begin: number;
  readonly end: number;
}

/** Weights that lie one after the other in files. */
export interface WeightsGroup {
  readonly paths: readonly string[];
  readonly weights: readonly ListedWeight[];
  /** Length of all of its files. */
  readonly bytes: number;
}

const mostFiles = 10_000;
const longestPath = 400;
const types: ReadonlySet<unknown> = new Set<ElementType>(["float32", "int32", "bool", "uint8"]);
const quantizedTypes: ReadonlySet<unknown> = new Set<Quantization["type"]>(["uint8", "uint16", "float16"]);

/**
 * Reads `weightsManifest` of a `model.json`.
 *
 * @param source the file, for the error
 * @throws {FormatError} it is not such a list, a file is not in the model's folder, or a weight is of a type that is none
 * of a network.
 */
export function parseWeightsManifest(value: unknown, source: string): readonly WeightsGroup[] {
  if (!Array.isArray(value)) throw refusal(source, "weightsManifest", "a list of groups of weights", value);
  let files = 0;
  const seen = new Set<string>();
  return value.map((group: unknown, index) => {
    const what = `weightsManifest[${index}]`;
    const { paths, weights } = isObject(group) ? group : {};
    if (!Array.isArray(paths)) throw refusal(source, `${what}.paths`, "a list of file names", paths);
    if (!Array.isArray(weights)) throw refusal(source, `${what}.weights`, "a list of weights", weights);
    files += paths.length;
    if (files > mostFiles) throw new FormatError(source, "weightsManifest", `of at most ${mostFiles} files`, "more");
    let bytes = 0;
    const listed = weights.map((entry: unknown, place) => {
      const weight = parseWeight(entry, bytes, source, `${what}.weights[${place}]`);
      if (seen.has(weight.name)) {
        throw new FormatError(source, "weightsManifest", "of different weights", `${describeValue(weight.name)} twice`);
      }
      seen.add(weight.name);
      bytes = weight.end;
      return weight;
    });
    return { paths: paths.map((path: unknown) => parsePath(path, source, what)), weights: listed, bytes };
  });
}

/** A file beside `model.json` or in a folder there: anything else would let a model read files from elsewhere. */
function parsePath(path: unknown, source: string, what: string): string {
  const isInside =
    typeof path === "string" &&
    path.length <= longestPath &&
    path.split("/").every((part) => /^[^\\:?#%\p{Cc}]+$/u.test(part) && part !== "." && part !== "..");
  if (!isInside) throw refusal(source, `${what}.paths`, "names of files in the model's folder", path);
  return path;
}

function parseWeight(value: unknown, begin: number, source: string, what: string): ListedWeight {
  const { name, shape, dtype, quantization, group } = isObject(value) ? value : {};
  if (typeof name !== "string" || name === "") throw refusal(source, `${what}.name`, "text", name);
  const weight = `weight ${describeValue(name)}`;
  if (!isShape(shape)) throw refusal(source, `shape of ${weight}`, "a list of lengths", shape);
  if (!types.has(dtype)) throw refusal(source, `dtype of ${weight}`, "float32, int32, bool or uint8", dtype);
  const type = dtype as ElementType;
  const quantized = parseQuantization(quantization, source, weight);
  if (quantized !== undefined && type !== "float32" && !(type === "int32" && quantized.type !== "float16")) {
    throw refusal(source, `dtype of ${weight}`, `float32, since it is quantized to ${quantized.type}`, type);
  }
  const elements = shape.reduce((product, length) => product * length, 1);
  const end = begin + elements * elementBytes[quantized?.type ?? type];
  if (!Number.isSafeInteger(end)) throw refusal(source, `shape of ${weight}`, "one that a file can hold", shape);
  return { name, shape, type, quantization: quantized, isOptimizers: group === "optimizer", begin, end };
}

function parseQuantization(value: unknown, source: string, weight: string): Quantization | undefined {
  if (value === undefined || value === null) return undefined;
  const what = `quantization of ${weight}`;
  const { dtype, scale = 1, min = 0 } = isObject(value) ? value : {};
  if (!quantizedTypes.has(dtype)) throw refusal(source, what, "to uint8, uint16 or float16", dtype);
  const type = dtype as Quantization["type"];
  const areNumbers = typeof scale === "number" && typeof min === "number";
  const isGiven = type === "float16" || (isObject(value) && "scale" in value && "min" in value);
  if (!areNumbers || !isGiven) throw refusal(source, what, "with the numbers scale and min", value);
  return { type, scale, min };
}

function isShape(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((length) => Number.isSafeInteger(length) && Number(length) >= 0);
}

function refusal(source: string, what: string, expected: string, found: unknown): FormatError {
  return new FormatError(source, what, expected, describeFound(found));
}
