import { HostArray, InvalidConfigError, type OptionNames, checkOptions, toFloat16 } from "@featuremap/tensor";

type Elements =
  | Float64Array
  | Float32Array
  | Uint16Array
  | BigInt64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint8Array;

interface Written {
  /** NumPy's code of the type. */
  readonly code: string;
  readonly convert: (data: ArrayLike<number>) => Elements;
}

const floats: Readonly<Record<string, Written>> = {
  float64: { code: "<f8", convert: (data) => new Float64Array(data) },
  float32: { code: "<f4", convert: (data) => new Float32Array(data) },
  float16: { code: "<f2", convert: (data) => toFloat16(new Float32Array(data)) },
};

const integers: Readonly<Record<string, Written>> = {
  int64: { code: "<i8", convert: (data) => BigInt64Array.from(Array.from(data, BigInt)) },
  int32: { code: "<i4", convert: (data) => new Int32Array(data) },
  int16: { code: "<i2", convert: (data) => new Int16Array(data) },
  int8: { code: "|i1", convert: (data) => new Int8Array(data) },
  uint8: { code: "|u1", convert: (data) => new Uint8Array(data) },
  bool: { code: "|b1", convert: (data) => new Uint8Array(data) },
};

/** How to write an array. */
export interface EncodeNpyOptions {
  /**
   * Element type in the file: `float64`, `float32` and `float16`, to which numbers are rounded, for float32 arrays; `int64`, `int32`,
   * `int16`, `int8`, `uint8` and `bool`, which all numbers fit, for the others. An array that it is not for keeps its own.
   */
  readonly dtype?:
    | "float64"
    | "float32"
    | "float16"
    | "int64"
    | "int32"
    | "int16"
    | "int8"
    | "uint8"
    | "bool"
    | undefined;
}

export const npyOptionNames: OptionNames<EncodeNpyOptions> = { dtype: true };

/**
 * Writes an array as NumPy's `load` reads it: version 1, little-endian, in C order.
 *
 * @throws {InvalidConfigError} what is given is not a host array, or a number is beyond the type asked for.
 */
export function encodeNpy(array: HostArray, options: EncodeNpyOptions = {}): Uint8Array<ArrayBuffer> {
  checkOptions("encodeNpy", options, npyOptionNames);
  return writeNpy("encodeNpy", "array", array, options.dtype);
}

/** @param what the array, for the error */
export function writeNpy(owner: string, what: string, array: HostArray, dtype: unknown): Uint8Array<ArrayBuffer> {
  if (!(array instanceof HostArray)) throw new InvalidConfigError(owner, what, "a HostArray", array);
  const known = { ...floats, ...integers };
  if (dtype !== undefined && !(typeof dtype === "string" && Object.hasOwn(known, dtype))) {
    throw new InvalidConfigError(owner, "dtype", `among ${Object.keys(known).join(", ")}`, dtype);
  }
  const kind = array.dtype === "float32" ? floats : integers;
  const type = dtype !== undefined && Object.hasOwn(kind, dtype) ? dtype : array.dtype;
  const { code = "", convert } = known[type] ?? {};
  const elements = type === array.dtype ? array.data : (convert?.(array.data) ?? array.data);
  if (type !== array.dtype) checkFit(owner, what, array, type, elements);
  const { shape } = array;
  const axes = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${code}', 'fortran_order': False, 'shape': ${axes}, }`;
  // Elements begin at a multiple of 64 bytes, behind a line feed.
  const dataStart = Math.ceil((10 + text.length + 1) / 64) * 64;
  const file = new Uint8Array(dataStart + elements.byteLength);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(file.buffer).setUint16(8, dataStart - 10, true);
  file.set(new TextEncoder().encode(`${text.padEnd(dataStart - 11)}\n`), 10);
  file.set(new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength), dataStart);
  return file;
}

function checkFit(owner: string, what: string, { data, dtype }: HostArray, type: string, elements: Elements): void {
  if (dtype === "float32" && type !== "float16") return;
  const isLost = (value: number, index: number): boolean => {
    const written = Number(elements[index]);
    if (type === "float16") return Number.isFinite(value) && (written & 0x7fff) === 0x7c00;
    return written !== value || (type === "bool" && value > 1);
  };
  const lost = data.findIndex(isLost);
  if (lost !== -1) throw new InvalidConfigError(owner, what, `of numbers that ${type} can hold`, data[lost]);
}
