import { FormatError, HostArray, InvalidConfigError, describeValue } from "@featuremap/tensor";
import { checksumOf } from "./checksum.ts";

/** Typed arrays by name, as elements may hold them. */
const arrayTypes = {
  Uint8Array,
  Uint8ClampedArray,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
} as const;

type AnyArray = InstanceType<(typeof arrayTypes)[keyof typeof arrayTypes]>;

/** What JSON has no word for is an object with this key. */
const tag = "$";

/**
 * An element as bytes: a check of what follows, the length of a header, the header, which is JSON, and the bytes of typed
 * arrays.
 *
 * @param place a number of 32 bits that tells for what it is written: read for another, it counts as damaged
 * @throws {InvalidConfigError} it holds something else than plain objects, lists, typed arrays, HostArrays, text, numbers,
 *   booleans, null and undefined.
 */
export function encodeElement(owner: string, element: unknown, place = 0): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const describeArray = (array: AnyArray): object => {
    const at = size;
    parts.push(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    size += array.byteLength;
    return { [tag]: array[Symbol.toStringTag], at, length: array.length };
  };
  const describe = (value: unknown, depth: number): unknown => {
    if (depth > 32) throw refused(owner, value);
    if (value === null || typeof value === "string" || typeof value === "boolean") return value;
    if (typeof value === "number") {
      return Number.isFinite(value) && !Object.is(value, -0) ? value : { [tag]: "number", value: numberName(value) };
    }
    if (value === undefined) return { [tag]: "undefined" };
    if (isArray(value)) return describeArray(value);
    if (value instanceof HostArray) return { [tag]: "HostArray", shape: value.shape, data: describeArray(value.data) };
    if (Array.isArray(value)) return value.map((each) => describe(each, depth + 1));
    if (!isPlain(value) || Object.hasOwn(value, tag)) throw refused(owner, value);
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, describe(each, depth + 1)]));
  };
  const header = new TextEncoder().encode(JSON.stringify(describe(element, 0)));
  const bytes = new Uint8Array(8 + header.length + size);
  const view = new DataView(bytes.buffer);
  view.setUint32(4, header.length, true);
  bytes.set(header, 8);
  let at = 8 + header.length;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  view.setUint32(0, checksumOf(bytes.subarray(4)) ^ place, true);
  return bytes;
}

/** Makes an element of the bytes that hold it; arrays of bytes share their memory. */
export type ElementReader = (bytes: Uint8Array<ArrayBuffer>) => unknown;

/**
 * What {@link encodeElement} wrote; arrays of bytes share its memory.
 *
 * @param place for what it must have been written
 * @throws {FormatError} it wrote something else.
 */
export function decodeElement(source: string, bytes: Uint8Array<ArrayBuffer>, place = 0): unknown {
  return elementReader(source, bytes, place)(bytes);
}

/**
 * What reads an element, once its bytes were found to be whole.
 *
 * @throws {FormatError} they are not.
 */
export function elementReader(source: string, bytes: Uint8Array<ArrayBuffer>, place = 0): ElementReader {
  const damaged = (found: string): FormatError => new FormatError(source, "an element", "as it was written", found);
  if (bytes.length < 8) throw damaged(`${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  if (view.getUint32(0, true) !== (checksumOf(bytes.subarray(4)) ^ place) >>> 0) throw damaged("other bytes");
  const start = 8 + view.getUint32(4, true);
  if (start > bytes.length) throw damaged("a header that is cut off");
  const attempt = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (cause) {
      throw cause instanceof HeaderError ? damaged(cause.message) : Object.assign(damaged("something else"), { cause });
    }
  };
  const reader = attempt(() => readerOf(bytes.subarray(8, start)));
  return (element) => attempt(() => reader(element));
}

/** Makes an element of the bytes that hold it, whose arrays begin at `start`. */
type Builder = (bytes: Uint8Array<ArrayBuffer>, start: number) => unknown;

/** What a header says cannot be. */
class HeaderError extends Error {}

/** Readers by their headers: pictures of one size have the same one, which is parsed once. */
const readers = new Map<string, ElementReader>();
const mostReaders = 64;
const decoder = new TextDecoder();

function readerOf(header: Uint8Array): ElementReader {
  const text = decoder.decode(header);
  const known = readers.get(text);
  if (known !== undefined) return known;
  const [build, start] = [compile(JSON.parse(text)), 8 + header.length];
  const reader: ElementReader = (bytes) => build(bytes, start);
  if (readers.size >= mostReaders) readers.clear();
  readers.set(text, reader);
  return reader;
}

function compile(value: unknown): Builder {
  if (typeof value !== "object" || value === null) return () => value;
  if (Array.isArray(value)) {
    const items = value.map(compile);
    return (bytes, start) => items.map((item) => item(bytes, start));
  }
  if (Object.hasOwn(value, tag)) return compileTagged(value as Record<string, unknown>);
  const properties = Object.entries(value).map(([name, each]) => [name, compile(each)] as const);
  if (Object.hasOwn(value, "__proto__")) {
    return (bytes, start) => Object.fromEntries(properties.map(([name, property]) => [name, property(bytes, start)]));
  }
  return (bytes, start) => {
    const built: Record<string, unknown> = {};
    for (const [name, property] of properties) built[name] = property(bytes, start);
    return built;
  };
}

function compileTagged(described: Record<string, unknown>): Builder {
  const name = String(described[tag]);
  if (name === "undefined") return () => undefined;
  if (name === "number") {
    const number = Number(described["value"]);
    return () => number;
  }
  if (name === "HostArray") {
    const data = compile(described["data"]);
    return (bytes, start) => new HostArray(data(bytes, start) as Uint8Array, [...(described["shape"] as number[])]);
  }
  if (!Object.hasOwn(arrayTypes, name)) throw new HeaderError(describeValue(name));
  const type = arrayTypes[name as keyof typeof arrayTypes];
  const [at, count] = [Number(described["at"]), Number(described["length"])];
  return (bytes, start) => {
    const from = start + at;
    const end = from + count * type.BYTES_PER_ELEMENT;
    if (!(from >= start && count >= 0 && end <= bytes.length)) throw new HeaderError("an array that is cut off");
    // Others than bytes begin at a multiple of their size.
    return type.BYTES_PER_ELEMENT === 1
      ? new type(bytes.buffer, bytes.byteOffset + from, count)
      : new type(bytes.slice(from, end).buffer);
  };
}

function numberName(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

function isArray(value: unknown): value is AnyArray {
  return ArrayBuffer.isView(value) && Object.hasOwn(arrayTypes, (value as AnyArray)[Symbol.toStringTag] ?? "");
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function refused(owner: string, value: unknown): InvalidConfigError {
  return new InvalidConfigError(owner, "elements", "plain data (objects, lists, numbers, text, typed arrays)", value);
}
