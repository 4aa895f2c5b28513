import {
  HostArray,
  InvalidConfigError,
  type OptionNames,
  type TypedArray,
  checkOptions,
  describeValue,
  toBFloat16,
  toFloat16,
} from "@featuremap/tensor";
import { isObject } from "../reading/json.ts";
import { longestHeader, metadataName } from "./safetensors-header.ts";
import type { safetensorsSizes } from "./safetensors-types.ts";

const floatNames = { float32: "F32", float16: "F16", bfloat16: "BF16" } as const;
const integerNames = { int32: "I32", uint8: "U8", int8: "I8" } as const;

/** Element types that {@link encodeSafetensors} writes. */
export type WrittenType = keyof typeof floatNames | keyof typeof integerNames;

const typeNames: Readonly<Record<WrittenType, keyof typeof safetensorsSizes>> = { ...floatNames, ...integerNames };

/** How to write safetensors. */
export interface EncodeSafetensorsOptions {
  /**
   * Element type in the file: one for all tensors, or by tensor. A float type is for float32 tensors and rounds them; an integer
   * type is for the others, and all their numbers fit it. Tensors that it is not for, or for which the function gives
   * undefined, keep their own. Default: each its own.
   */
  readonly dtype?: WrittenType | ((name: string, tensor: HostArray) => WrittenType | undefined) | undefined;
}

const optionNames: OptionNames<EncodeSafetensorsOptions> = { dtype: true };

/**
 * Writes tensors as one safetensors file.
 *
 * The same tensors give the same bytes whatever their order in the map: wide element types come first, then names in
 * code-unit order. The header is padded with spaces so that every tensor starts at a multiple of its element's size.
 *
 * @param metadata free text kept beside the tensors
 * @throws {InvalidConfigError} what is given is not host arrays by name and texts, a tensor is called `__metadata__`, a number
 * is beyond the type asked for, or the header would pass the format's limit.
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, HostArray>,
  metadata?: Readonly<Record<string, string>>,
  options: EncodeSafetensorsOptions = {},
): Uint8Array<ArrayBuffer> {
  checkTensors(tensors);
  checkMetadata(metadata);
  checkOptions("encodeSafetensors", options, optionNames);
  if (tensors.has(metadataName)) {
    throw new InvalidConfigError("encodeSafetensors", "name of a tensor", `other than ${metadataName}`, metadataName);
  }
  const ordered = [...tensors]
    .map(([name, tensor]) => {
      const type = writtenType(name, tensor, options.dtype);
      return { name, shape: tensor.shape, type, data: stored(name, tensor, type) };
    })
    .toSorted((a, b) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT || (a.name < b.name ? -1 : 1));
  // Text rather than one object: an object would reorder names such as "0" and swallow "__proto__".
  const members = metadata === undefined ? [] : [`${JSON.stringify(metadataName)}:${JSON.stringify(metadata)}`];
  let dataLength = 0;
  for (const { name, shape, type, data } of ordered) {
    const range = [dataLength, dataLength + data.byteLength];
    members.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype: typeNames[type], shape, data_offsets: range })}`);
    dataLength += data.byteLength;
  }
  const text = new TextEncoder().encode(`{${members.join(",")}}`);
  const headerLength = Math.ceil(text.length / 8) * 8;
  if (headerLength > longestHeader) {
    throw new InvalidConfigError("encodeSafetensors", "header", `at most ${longestHeader} bytes long`, headerLength);
  }
  const file = new Uint8Array(8 + headerLength + dataLength);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.fill(0x20, 8, 8 + headerLength).set(text, 8);
  let offset = 8 + headerLength;
  for (const { data } of ordered) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return file;
}

function checkTensors(tensors: unknown): void {
  const fail = (what: string, expected: string, found: unknown): never => {
    throw new InvalidConfigError("encodeSafetensors", what, expected, found);
  };
  if (!(tensors instanceof Map)) return fail("tensors", "a Map of host arrays by name", tensors);
  for (const [name, tensor] of tensors) {
    if (typeof name !== "string") fail("names of tensors", "texts", name);
    if (!(tensor instanceof HostArray)) fail(`tensor ${describeValue(name)}`, "a HostArray", tensor);
  }
}

function checkMetadata(metadata: unknown): void {
  if (metadata === undefined) return;
  if (isObject(metadata) && Object.values(metadata).every((value) => typeof value === "string")) return;
  throw new InvalidConfigError("encodeSafetensors", "metadata", "an object of strings", metadata);
}

function writtenType(name: string, tensor: HostArray, dtype: EncodeSafetensorsOptions["dtype"]): WrittenType {
  const asked = typeof dtype === "function" ? dtype(name, tensor) : dtype;
  if (asked === undefined) return tensor.dtype;
  if (!Object.hasOwn(typeNames, asked)) {
    throw new InvalidConfigError("encodeSafetensors", "dtype", `among ${Object.keys(typeNames).join(", ")}`, asked);
  }
  return Object.hasOwn(tensor.dtype === "float32" ? floatNames : integerNames, asked) ? asked : tensor.dtype;
}

/** The elements as they stand in the file. */
function stored(name: string, { data }: HostArray, type: WrittenType): TypedArray | Int8Array | Uint16Array {
  const converted = convert(data, type);
  const beyond = converted === data ? -1 : data.findIndex((value, index) => isLost(value, converted[index] ?? 0, type));
  if (beyond === -1) return converted;
  const expected = `of numbers that ${type} can hold`;
  throw new InvalidConfigError("encodeSafetensors", `tensor ${describeValue(name)}`, expected, data[beyond]);
}

function convert(data: TypedArray, type: WrittenType): TypedArray | Int8Array | Uint16Array {
  if (type === "float16" && data instanceof Float32Array) return toFloat16(data);
  if (type === "bfloat16" && data instanceof Float32Array) return toBFloat16(data);
  if (type === "int8") return new Int8Array(data);
  if (type === "int32" && data instanceof Uint8Array) return new Int32Array(data);
  if (type === "uint8" && data instanceof Int32Array) return new Uint8Array(data);
  return data;
}

/** Whether an integer became another one, or a finite number infinite. */
function isLost(value: number, written: number, type: WrittenType): boolean {
  if (type === "float16") return Number.isFinite(value) && (written & 0x7fff) === 0x7c00;
  if (type === "bfloat16") return Number.isFinite(value) && (written & 0x7fff) === 0x7f80;
  return value !== written;
}
