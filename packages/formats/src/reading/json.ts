import { FormatError, describeValue, shorten } from "@featuremap/tensor";
import { parsePythonJson } from "./python-numbers.ts";

/** A JSON object whose values are still to be checked. */
export type JsonObject = Readonly<Record<string, unknown>>;

const deepest = 200;
/** Values in a document: a million labels and a large model. More would take memory far beyond the text's own. */
const mostValues = 2_000_000;
const quote = 0x22;
const backslash = 0x5c;

/**
 * Reads a JSON object from a file that may be damaged or hostile.
 *
 * Stricter than `JSON.parse`: the bytes are valid UTF-8, no object says a name twice (readers would differ on which
 * one counts), nesting ends at 200 levels, so that walking the result cannot exhaust the stack, and there are at most
 * 2,000,000 values. All of that is counted on the bytes, before anything is made of them.
 *
 * @param source the file, for the error
 * @param what the part of it, for the error
 * @throws {FormatError} the text is not such an object.
 */
export function parseJsonObject(bytes: Uint8Array, source: string, what: string): JsonObject {
  return parseObject(bytes, source, what, JSON.parse);
}

/**
 * As {@link parseJsonObject} what Python wrote, Keras above all: numbers may be `Infinity`, `-Infinity` and `NaN`.
 *
 * @throws {FormatError} the text is not such an object.
 */
export function parsePythonObject(bytes: Uint8Array, source: string, what: string): JsonObject {
  return parseObject(bytes, source, what, parsePythonJson);
}

function parseObject(bytes: Uint8Array, source: string, what: string, parse: (text: string) => unknown): JsonObject {
  const fail = (expected: string, found: string): never => {
    throw new FormatError(source, what, expected, found);
  };
  const { depth, members, values } = outline(bytes);
  if (depth > deepest) return fail(`nested at most ${deepest} deep`, `${depth} levels`);
  if (values > mostValues) return fail(`of at most ${mostValues} values`, `${values}`);
  const text = decodeUtf8(bytes) ?? fail("UTF-8 text", "other bytes");
  const value = tryParse(text, parse) ?? fail("a JSON object", text === "" ? "an empty text" : shorten(text));
  if (!isObject(value)) return fail("a JSON object", describeValue(value));
  if (countMembers(value) !== members) return fail("without repeated names", "an object with a duplicate name");
  return value;
}

/** A value that a document holds, for the error. */
export function describeFound(value: unknown): string {
  return value === undefined ? "nothing" : describeValue(value);
}

/** Whether a parsed value is a JSON object, and neither `null` nor a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function tryParse(text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

interface Outline {
  readonly depth: number;
  /** Pairs of `name: value`. */
  readonly members: number;
  readonly values: number;
}

/** What can be counted on the bytes: outside strings JSON is ASCII. */
function outline(bytes: Uint8Array): Outline {
  let level = 0;
  let depth = 0;
  let members = 0;
  // Each list and object, and each value but the first within one, is announced by a bracket or comma.
  let values = 1;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (byte === quote) {
      for (index++; index < bytes.length && bytes[index] !== quote; index++) {
        if (bytes[index] === backslash) index++;
      }
    } else if (byte === 0x7b || byte === 0x5b) {
      values++;
      depth = Math.max(depth, ++level);
    } else if (byte === 0x7d || byte === 0x5d) {
      level--;
    } else if (byte === 0x3a) {
      members++;
    } else if (byte === 0x2c) {
      values++;
    }
  }
  return { depth, members, values };
}

function countMembers(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const entries: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  let count = Array.isArray(value) ? 0 : entries.length;
  for (const entry of entries) count += countMembers(entry);
  return count;
}
