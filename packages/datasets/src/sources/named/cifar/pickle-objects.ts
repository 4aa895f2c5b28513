import { FormatError, HostArray, sizeOf } from "@featuremap/tensor";
import type { PickleObject, PickleValue } from "./pickle-value.ts";

const arrayMakers: ReadonlySet<string> = new Set([
  "numpy.core.multiarray._reconstruct",
  "numpy._core.multiarray._reconstruct",
]);
const bufferMakers: ReadonlySet<string> = new Set([
  "numpy.core.numeric._frombuffer",
  "numpy._core.numeric._frombuffer",
]);

/**
 * What a function of Python gives, for the few that rebuild arrays of bytes.
 *
 * @throws {FormatError} it is another function, or takes other things.
 */
export function callPickled(called: PickleValue, given: PickleValue, source: string): PickleValue {
  const name = isObject(called) && called.kind === "name" ? called.name : "no function";
  const values = Array.isArray(given) ? (given as readonly PickleValue[]) : [];
  const [first = null, second = null, third = null] = values;
  if (arrayMakers.has(name)) return { kind: "array", array: undefined };
  if (bufferMakers.has(name)) {
    return { kind: "array", array: bytesArray(first, second, third, false, source) };
  }
  if (name === "numpy.dtype") {
    const type =
      typeof first === "string"
        ? first
        : first instanceof Uint8Array
          ? String.fromCharCode(...first.subarray(0, 8))
          : "";
    return { kind: "dtype", type };
  }
  // How Python 3 writes bytes for protocols that have none.
  if (name === "_codecs.encode" && typeof first === "string") return encodeLatin1(first, source);
  // Python 3 writes empty bytes for such protocols as `bytes()`.
  if (["__builtin__.bytes", "builtins.bytes"].includes(name) && values.length === 0) return new Uint8Array(0);
  throw new FormatError(source, "the pickle", "plain data that calls nothing", `a call of ${name}`);
}

/** @throws {FormatError} the object has no state, or this is none of it. */
export function setPickledState(object: PickleValue, state: PickleValue, source: string): PickleValue {
  if (isObject(object) && object.kind === "dtype") return object;
  if (isObject(object) && object.kind === "array" && Array.isArray(state)) {
    const [, shape = null, type = null, isFortran = null, bytes = null] = state as readonly PickleValue[];
    object.array = bytesArray(bytes, type, shape, isFortran === true || isFortran === 1, source);
    return object;
  }
  throw new FormatError(source, "the pickle", "plain data", "an object with a state");
}

function bytesArray(
  bytes: PickleValue,
  type: PickleValue,
  shape: PickleValue,
  isFortran: boolean,
  source: string,
): HostArray<Uint8Array> {
  const isBytes = isObject(type) && type.kind === "dtype" && type.type === "u1";
  if (!isBytes || isFortran) throw new FormatError(source, "an array in it", "bytes (uint8) in C order", "another");
  const lengths = Array.isArray(shape) ? (shape as readonly PickleValue[]) : [];
  const isShape = lengths.every((length): length is number => Number.isSafeInteger(length) && Number(length) >= 0);
  if (!isShape || !(bytes instanceof Uint8Array) || bytes.length !== sizeOf(lengths)) {
    throw new FormatError(source, "an array in it", "as long as its shape says", "another length");
  }
  return new HostArray(bytes, lengths);
}

function encodeLatin1(text: string, source: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0xff) throw new FormatError(source, "bytes in it", "written as latin-1", "other characters");
    bytes[index] = code;
  }
  return bytes;
}

/** Whether it stands for an object of Python. */
export function isObject(value: PickleValue): value is PickleObject {
  return typeof value === "object" && value !== null && "kind" in value;
}
