import { type FixedShape, FormatError, describeValue } from "@featuremap/tensor";
import { type JsonObject, describeFound, isObject, parseJsonObject } from "../reading/json.ts";

/** The longest header that is read or written, in bytes: some 100,000 tensors. The format itself allows ten times that. */
export const longestHeader = 10_000_000;

/** The name under which a header keeps free text beside its tensors. */
export const metadataName = "__metadata__";

/** One tensor of a file whose place was checked: bytes `[begin, end)` of the whole file. */
export interface TensorEntry<Type extends string = string> {
  readonly name: string;
  readonly type: Type;
  readonly shape: FixedShape;
  readonly begin: number;
  readonly end: number;
}

/**
 * Reads and checks the header of a safetensors file.
 *
 * Layout: u64 little-endian N, N bytes of JSON, then data. The tensors fill the data exactly, without gap or overlap.
 * Nothing is allocated from a number in the file before that number was compared with the file's own length.
 *
 * Source: github.com/huggingface/safetensors, "Format".
 *
 * @param start the file, or its beginning with the whole header
 * @param fileLength bytes of the whole file
 * @param source the file, for the error
 * @param sizes the element types that may occur, with their size in bytes
 * @returns the tensors in the order of their data
 * @throws {FormatError} the file breaks a rule of the format or holds another element type.
 */
export function readSafetensorsHeader<Type extends string>(
  start: Uint8Array,
  fileLength: number,
  source: string,
  sizes: Readonly<Record<Type, number>>,
): TensorEntry<Type>[] {
  const fail = (what: string, expected: string, found: string): never => {
    throw new FormatError(source, what, expected, found);
  };
  const dataStart = 8 + headerLength(start, fileLength, source);
  const header = parseJsonObject(start.subarray(8, dataStart), source, "header");
  checkMetadata(header[metadataName], source);
  const dataLength = fileLength - dataStart;
  const entries = Object.entries(header)
    .filter(([name]) => name !== metadataName)
    .map(([name, value]) => readEntry(name, value, dataLength, source, sizes))
    .toSorted((a, b) => a.begin - b.begin || a.end - b.end);
  let filled = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== filled) {
      const fault = begin < filled ? `${begin}, inside the previous tensor` : `${begin}, after a gap`;
      fail(`tensor ${describeValue(name)}`, `stored from byte ${filled} of the data`, fault);
    }
    filled = end;
  }
  if (filled !== dataLength) fail("data", `${filled} bytes, the size of its tensors`, `${dataLength}`);
  return entries.map((entry) => ({ ...entry, begin: dataStart + entry.begin, end: dataStart + entry.end }));
}

/**
 * Length of the header, in bytes; all of it lies in the file.
 *
 * @param start the file, or its first bytes, nine at least where it has as many
 * @throws {FormatError} the file does not begin as a safetensors file.
 */
export function headerLength(start: Uint8Array, fileLength: number, source: string): number {
  const fail = (what: string, expected: string, found: string): never => {
    throw new FormatError(source, what, expected, found);
  };
  if (start.length < 8) return fail("file", "at least 8 bytes long", `${fileLength}`);
  const length = new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(longestHeader)) return fail("header", `at most ${longestHeader} bytes long`, `${length}`);
  if (8 + Number(length) > fileLength) {
    return fail("header", `inside the file of ${fileLength} bytes`, `a length of ${length}: the file is cut short`);
  }
  if (start[8] !== 0x7b) return fail("header", 'begun with "{"', length === 0n ? "nothing" : `byte ${start[8]}`);
  return Number(length);
}

function checkMetadata(metadata: unknown, source: string): void {
  if (metadata === undefined) return;
  if (!isObject(metadata)) throw new FormatError(source, metadataName, "an object", describeFound(metadata));
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== "string") {
      throw new FormatError(source, `${metadataName} ${describeValue(key)}`, "a string", describeFound(value));
    }
  }
}

function readEntry<Type extends string>(
  name: string,
  value: unknown,
  dataLength: number,
  source: string,
  sizes: Readonly<Record<Type, number>>,
): TensorEntry<Type> {
  const fail = (what: string, expected: string, found: unknown): never => {
    throw new FormatError(source, `tensor ${describeValue(name)}${what}`, expected, describeFound(found));
  };
  const { dtype, shape, data_offsets: offsets }: JsonObject = isObject(value) ? value : fail("", "an object", value);
  if (!isTypeOf(sizes, dtype)) return fail(": dtype", `one of ${Object.keys(sizes).join(", ")}`, dtype);
  if (!isListOfCounts(shape)) return fail(": shape", "a list of whole numbers", shape);
  if (!isListOfCounts(offsets) || offsets.length !== 2) return fail(": data_offsets", "two whole numbers", offsets);
  const [begin = 0, end = 0] = offsets;
  if (begin > end || end > dataLength) {
    return fail(": data_offsets", `ascending and inside the data of ${dataLength} bytes`, offsets);
  }
  const size = shape.reduce((product, axis) => product * axis, sizes[dtype]);
  if (size !== end - begin)
    return fail(": data_offsets", `${size} bytes apart for ${dtype} ${describeFound(shape)}`, offsets);
  return { name, type: dtype, shape, begin, end };
}

function isTypeOf<Type extends string>(sizes: Readonly<Record<Type, number>>, value: unknown): value is Type {
  return typeof value === "string" && Object.hasOwn(sizes, value);
}

function isListOfCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((entry) => Number.isSafeInteger(entry) && (entry as number) >= 0);
}
