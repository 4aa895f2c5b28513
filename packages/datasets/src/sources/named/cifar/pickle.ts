import { FormatError } from "@featuremap/tensor";
import { callPickled, setPickledState } from "./pickle-objects.ts";
import type { PickleValue } from "./pickle-value.ts";

/** A place on the stack where a list, a tuple or a dict begins. */
const mark = Symbol("mark");

/** Steps of a program; CIFAR's own files have 200,000. */
const mostSteps = 5_000_000;
/** Characters of a name or of a number in digits. */
const longestLine = 256;

/**
 * Reads a Python pickle of dicts, lists, numbers, texts, bytes and numpy arrays of bytes, as CIFAR's Python version is.
 *
 * A pickle is a program that can call anything; this reads the few steps that such data need, knows by name the four
 * functions that rebuild arrays, and refuses everything else. Nothing is ever looked up or called by a pickle's word.
 *
 * Source: CPython's `Lib/pickletools.py`, protocols 0 to 5.
 *
 * @throws {FormatError} it is not a pickle, damaged, or asks for anything else.
 */
export function parsePickle(bytes: Uint8Array, source: string): PickleValue {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stack: (PickleValue | typeof mark)[] = [];
  const memo = new Map<number, PickleValue>();
  let at = 0;

  const fail = (expected: string, found: string): never => {
    throw new FormatError(source, `the pickle at byte ${at}`, expected, found);
  };
  const take = (length: number): Uint8Array => {
    if (!(length >= 0 && length <= bytes.length - at)) fail(`${length} bytes long`, "its end");
    at += length;
    return bytes.subarray(at - length, at);
  };
  const number = (length: 1 | 2 | 4 | 8): number => {
    take(length);
    if (length === 1) return view.getUint8(at - 1);
    if (length === 2) return view.getUint16(at - 2, true);
    if (length === 4) return view.getUint32(at - 4, true);
    return Number(view.getBigUint64(at - 8, true));
  };
  const line = (): string => {
    const end = bytes.subarray(at, at + longestLine).indexOf(0x0a);
    const text = latin1(take(end < 0 ? bytes.length : end));
    take(1);
    return text;
  };
  const pop = (): PickleValue => {
    const value = stack.pop();
    return value === undefined || value === mark ? fail("well formed", "an empty stack") : value;
  };
  const toMark = (): PickleValue[] => {
    const start = stack.lastIndexOf(mark);
    if (start < 0) fail("well formed", "an end without a beginning");
    return stack.splice(start).slice(1) as PickleValue[];
  };
  const tuple = (length: number): PickleValue[] => Array.from({ length }, pop).toReversed();
  const recall = (key: number): PickleValue => {
    const value = memo.get(key);
    return value === undefined ? fail("well formed", `nothing remembered as ${key}`) : value;
  };
  const remember = (key: number): void => {
    const value = pop();
    stack.push(value);
    memo.set(key, value);
  };
  const append = (values: readonly PickleValue[]): void => {
    const list = pop();
    if (!Array.isArray(list)) return fail("well formed", "elements of something that is not a list");
    for (const value of values) list.push(value);
    stack.push(list);
  };
  const setItems = (values: readonly PickleValue[]): void => {
    const dict = pop();
    if (!(dict instanceof Map) || values.length % 2 !== 0)
      return fail("well formed", "keys of something that is not a dict");
    for (let index = 0; index < values.length; index += 2) {
      dict.set(textOf(values[index]) ?? fail("a dict with strings as keys", "another key"), values[index + 1] ?? null);
    }
    stack.push(dict);
  };

  for (let step = 0; step < mostSteps; step++) {
    const code = number(1);
    switch (code) {
      case 0x80: // PROTO
        if (number(1) > 5) fail("of protocol 5 at most", "a later one");
        break;
      case 0x95: // FRAME
        take(8);
        break;
      case 0x28: // MARK
        stack.push(mark);
        break;
      case 0x2e: // STOP
        return pop();
      case 0x4e: // NONE
        stack.push(null);
        break;
      case 0x88: // NEWTRUE
      case 0x89: // NEWFALSE
        stack.push(code === 0x88);
        break;
      case 0x49: // INT, and protocol 0's booleans
      case 0x4c: // LONG
        stack.push(integer(line()) ?? fail("well formed", "an invalid number"));
        break;
      case 0x4a: // BININT
        stack.push(number(4) | 0);
        break;
      case 0x4b: // BININT1
        stack.push(number(1));
        break;
      case 0x4d: // BININT2
        stack.push(number(2));
        break;
      case 0x8a: // LONG1
        stack.push(long(take(number(1))) ?? fail("made of integers of 48 bits", "a longer one"));
        break;
      case 0x47: // BINFLOAT
        take(8);
        stack.push(view.getFloat64(at - 8));
        break;
      case 0x55: // SHORT_BINSTRING
      case 0x43: // SHORT_BINBYTES
        stack.push(take(number(1)));
        break;
      case 0x54: // BINSTRING
      case 0x42: // BINBYTES
        stack.push(take(number(4)));
        break;
      case 0x8e: // BINBYTES8
      case 0x96: // BYTEARRAY8
        stack.push(take(number(8)));
        break;
      case 0x8c: // SHORT_BINUNICODE
        stack.push(utf8(take(number(1))));
        break;
      case 0x58: // BINUNICODE
        stack.push(utf8(take(number(4))));
        break;
      case 0x8d: // BINUNICODE8
        stack.push(utf8(take(number(8))));
        break;
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        stack.push([]);
        break;
      case 0x6c: // LIST
      case 0x74: // TUPLE
        stack.push(toMark());
        break;
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        stack.push(tuple(code - 0x84));
        break;
      case 0x61: // APPEND
        append([pop()]);
        break;
      case 0x65: // APPENDS
        append(toMark());
        break;
      case 0x7d: // EMPTY_DICT
        stack.push(new Map());
        break;
      case 0x64: {
        // DICT
        const items = toMark();
        stack.push(new Map());
        setItems(items);
        break;
      }
      case 0x73: // SETITEM
        setItems(tuple(2));
        break;
      case 0x75: // SETITEMS
        setItems(toMark());
        break;
      case 0x71: // BINPUT
        remember(number(1));
        break;
      case 0x72: // LONG_BINPUT
        remember(number(4));
        break;
      case 0x94: // MEMOIZE
        remember(memo.size);
        break;
      case 0x68: // BINGET
        stack.push(recall(number(1)));
        break;
      case 0x6a: // LONG_BINGET
        stack.push(recall(number(4)));
        break;
      case 0x30: // POP
        stack.pop();
        break;
      case 0x63: // GLOBAL
        stack.push({ kind: "name", name: `${line()}.${line()}` });
        break;
      case 0x93: {
        // STACK_GLOBAL
        const [module = null, name = null] = tuple(2);
        stack.push({ kind: "name", name: `${textOf(module) ?? "?"}.${textOf(name) ?? "?"}` });
        break;
      }
      case 0x52: {
        // REDUCE
        const [called = null, given = null] = tuple(2);
        stack.push(callPickled(called, given, source));
        break;
      }
      case 0x62: {
        // BUILD
        const [object = null, state = null] = tuple(2);
        stack.push(setPickledState(object, state, source));
        break;
      }
      default:
        fail("plain data: dicts, lists, numbers, texts and arrays of bytes", `the step 0x${code.toString(16)}`);
    }
  }
  return fail(`of at most ${mostSteps} steps`, "more");
}

/** A text, or the bytes that Python 2 has for one. */
export function textOf(value: PickleValue | undefined): string | undefined {
  if (typeof value === "string") return value;
  return value instanceof Uint8Array ? latin1(value) : undefined;
}

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

function utf8(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Protocol 0 writes booleans as 00 and 01, and longs with an L. */
function integer(line: string): number | boolean | undefined {
  if (line === "00" || line === "01") return line === "01";
  const value = /^-?\d{1,15}L?$/.test(line) ? Number.parseInt(line, 10) : undefined;
  return value;
}

/** Little-endian, two's complement. */
function long(bytes: Uint8Array): number | undefined {
  if (bytes.length > 6) return undefined;
  const value = bytes.reduce((sum, byte, index) => sum + byte * 256 ** index, 0);
  return (bytes.at(-1) ?? 0) >= 0x80 ? value - 256 ** bytes.length : value;
}
