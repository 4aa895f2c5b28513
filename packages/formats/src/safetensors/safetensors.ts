import { HostArray, InvalidConfigError, describeValue } from "@featuremap/tensor";
import { isObject } from "../reading/json.ts";
import {
  type ElementType,
  type TensorEntry,
  elementSizes,
  longestHeader,
  metadataName,
  readSafetensorsHeader,
} from "./safetensors-header.ts";

const elementTypes = { float32: "F32", int32: "I32", uint8: "U8" } as const satisfies Record<string, ElementType>;

/**
 * Writes tensors as one safetensors file.
 *
 * The same tensors give the same bytes whatever their order in the map: wide element types come first, then names in
 * code-unit order. The header is padded with spaces so that every tensor starts at a multiple of its element's size.
 *
 * @param metadata free text kept beside the tensors
 * @throws {InvalidConfigError} what is given is not host arrays by name and texts, a tensor is called `__metadata__`, or the header would pass the format's limit.
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, HostArray>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  checkTensors(tensors);
  checkMetadata(metadata);
  if (tensors.has(metadataName)) {
    throw new InvalidConfigError("encodeSafetensors", "name of a tensor", `other than ${metadataName}`, metadataName);
  }
  const ordered = [...tensors].toSorted(
    ([nameA, a], [nameB, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT || (nameA < nameB ? -1 : 1),
  );
  // Text rather than one object: an object would reorder names such as "0" and swallow "__proto__".
  const members = metadata === undefined ? [] : [`${JSON.stringify(metadataName)}:${JSON.stringify(metadata)}`];
  let dataLength = 0;
  for (const [name, { dtype, shape, data }] of ordered) {
    const range = [dataLength, dataLength + data.byteLength];
    members.push(
      `${JSON.stringify(name)}:${JSON.stringify({ dtype: elementTypes[dtype], shape, data_offsets: range })}`,
    );
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
  for (const [, { data }] of ordered) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return file;
}

/**
 * Reads every tensor of a safetensors file, after all checks of {@link readSafetensorsHeader}.
 *
 * Tensors share the memory of `bytes` where their place is aligned, as it is in files written here.
 *
 * @param source the file, for the error
 * @throws {FormatError} the file breaks a rule of the format or holds an element type other than F32, I32 and U8.
 * @throws {InvalidConfigError} what is given is not bytes and a text.
 */
export function decodeSafetensors(bytes: Uint8Array, source: string): Map<string, HostArray> {
  if (!(bytes instanceof Uint8Array)) {
    throw new InvalidConfigError("decodeSafetensors", "bytes", "a Uint8Array", bytes);
  }
  if (typeof source !== "string") throw new InvalidConfigError("decodeSafetensors", "source", "a text", source);
  return new Map(readSafetensorsHeader(bytes, source).map((entry) => [entry.name, readTensor(bytes, entry)]));
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

function readTensor(bytes: Uint8Array, { type, shape, begin, end }: TensorEntry): HostArray {
  const size = elementSizes[type];
  const aligned = (bytes.byteOffset + begin) % size === 0;
  // Not `slice`: that of a Node `Buffer` copies nothing.
  const part = aligned ? bytes.subarray(begin, end) : new Uint8Array(bytes.subarray(begin, end));
  const { buffer, byteOffset } = part;
  const length = part.length / size;
  if (type === "F32") return new HostArray(new Float32Array(buffer, byteOffset, length), shape);
  if (type === "I32") return new HostArray(new Int32Array(buffer, byteOffset, length), shape);
  return new HostArray(part, shape);
}
