import { type FixedShape, FormatError, formatShape, shorten } from "@featuremap/tensor";
import { type ElementType, elementBytes } from "../tensors/element-types.ts";

/** What the header of a `.npy` file says. */
export interface NpyHeader {
  readonly type: ElementType;
  readonly isBigEndian: boolean;
  readonly isFortran: boolean;
  readonly shape: FixedShape;
  /** Where the elements begin. */
  readonly dataStart: number;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** As long as NumPy itself takes from strangers. */
const longestText = 10_000;
/** As in NumPy. */
const mostAxes = 64;
/** Bytes that hold the longest header. */
export const longestNpyHeader: number = 12 + longestText;

const typeOfCode: Readonly<Record<string, ElementType>> = {
  f8: "float64",
  f4: "float32",
  f2: "float16",
  i8: "int64",
  i4: "int32",
  i2: "int16",
  i1: "int8",
  u8: "uint64",
  u4: "uint32",
  u2: "uint16",
  u1: "uint8",
  b1: "bool",
};

/** Kinds of NumPy that are no numbers, by the letter of their code. */
const otherKinds: Readonly<Record<string, string>> = {
  O: "Python objects, which only running a pickle would give",
  c: "complex numbers",
  S: "texts",
  U: "texts",
  M: "dates",
  m: "durations",
  V: "bytes without a type",
};

/**
 * Reads the header of a `.npy` file of version 1, 2 or 3, and checks that the file has as many bytes as it says.
 *
 * Source: NumPy Enhancement Proposal 1; `numpy.lib.format`.
 *
 * @param start the file, or its beginning with the whole header
 * @param fileLength bytes of the whole file
 * @param source the file, for the error
 * @throws {FormatError} it is not such a file, or does not hold booleans, integers or floats of up to 64 bits.
 */
export function readNpyHeader(start: Uint8Array, fileLength: number, source: string): NpyHeader {
  const fail = (what: string, expected: string, found: string): never => {
    throw new FormatError(source, what, expected, found);
  };
  if (start.length < 12 || magic.some((byte, index) => start[index] !== byte)) {
    return fail("file", "an array saved by NumPy (.npy)", "something else");
  }
  const [version = 0] = start.subarray(6);
  if (version < 1 || version > 3) return fail("version", "1, 2 or 3", `${version}`);
  const view = new DataView(start.buffer, start.byteOffset, 12);
  const textStart = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const most = Math.min(longestText, fileLength - textStart);
  if (length > most) return fail("header", `at most ${most} bytes long`, `${length}`);
  const dataStart = textStart + length;
  const text = new TextDecoder(version === 3 ? "utf-8" : "latin1").decode(start.subarray(textStart, dataStart));
  const { descr, isFortran, shape } = parseFields(text.trimEnd(), source);
  const type = typeOf(descr, source);
  const bytes = shape.reduce((product, axis) => product * axis, elementBytes[type]);
  if (shape.length > mostAxes) fail("shape", `of at most ${mostAxes} axes`, `${shape.length}`);
  if (bytes !== fileLength - dataStart) {
    fail("elements", `${bytes} bytes for ${type} ${formatShape(shape)}`, `${fileLength - dataStart}`);
  }
  return { type, isBigEndian: descr.startsWith(">"), isFortran, shape, dataStart };
}

function typeOf(descr: string, source: string): ElementType {
  const [, code = ""] = /^[<>|=]?([a-zA-Z]\d*)/.exec(descr) ?? [];
  const type = Object.hasOwn(typeOfCode, code) && /^[<>|=]?[a-z]\d$/.test(descr) ? typeOfCode[code] : undefined;
  if (type !== undefined) return type;
  const [kind = ""] = code;
  const found = Object.hasOwn(otherKinds, kind) ? `${otherKinds[kind]} (${descr})` : `NumPy's type ${shorten(descr)}`;
  throw new FormatError(source, "elements", "booleans, integers or floats of up to 64 bits", found);
}

interface Fields {
  readonly descr: string;
  readonly isFortran: boolean;
  readonly shape: FixedShape;
}

/**
 * A Python dict of exactly three keys, in any order: `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }`.
 *
 * Each value has one form, so that nothing else of Python need be understood.
 */
function parseFields(text: string, source: string): Fields {
  const forms: Readonly<Record<string, RegExp>> = {
    descr: /'[^'\\]{1,40}'|"[^"\\]{1,40}"/y,
    fortran_order: /True|False/y,
    shape: /\((?:\d{1,15}L?, ?)*(?:\d{1,15}L?)?\)/y,
  };
  const found = new Map<string, string>();
  let at = 0;
  const take = (form: RegExp, expected: string): string => {
    form.lastIndex = at;
    const [taken] = form.exec(text) ?? [];
    if (taken === undefined) {
      const rest = text.slice(at, at + 100);
      throw new FormatError(source, "header", expected, rest === "" ? "its end" : shorten(rest));
    }
    at += taken.length;
    return taken;
  };
  take(/\{ */y, "a Python dict");
  while (text[at] !== "}") {
    const key = take(/'[a-z_]{1,20}'|"[a-z_]{1,20}"/y, "a key").slice(1, -1);
    const form = Object.hasOwn(forms, key) ? forms[key] : undefined;
    if (form === undefined || found.has(key)) {
      throw new FormatError(source, "header", "of descr, fortran_order and shape, each once", key);
    }
    take(/ *: */y, "a colon");
    const isRecord = key === "descr" && text[at] === "[";
    found.set(key, take(form, isRecord ? "of one plain type, not of records" : `a plain value of ${key}`));
    take(/ *(?:, *|(?=\}))/y, "a comma or the end of the dict");
  }
  if (at !== text.length - 1) throw new FormatError(source, "header", "one dict", shorten(text.slice(at + 1)));
  const [descr, order, axes] = ["descr", "fortran_order", "shape"].map((key) => found.get(key));
  if (descr === undefined || order === undefined || axes === undefined) {
    throw new FormatError(source, "header", "of descr, fortran_order and shape", [...found.keys()].join(", "));
  }
  if (/^\(\d+L?\)$/.test(axes)) throw new FormatError(source, "shape", "a tuple", axes);
  return {
    descr: descr.slice(1, -1),
    isFortran: order === "True",
    shape: (axes.match(/\d+/g) ?? []).map(Number),
  };
}
