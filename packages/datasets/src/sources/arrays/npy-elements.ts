import { FormatError, type TypedArray } from "@featuremap/tensor";

/** How elements lie in a file of numpy. */
export interface NpyElements {
  /** numpy's own name, as `<f4`. */
  readonly type: string;
  /** Bytes of one. */
  readonly size: number;
  /** All of them, converted. */
  read(bytes: Uint8Array, source: string): TypedArray;
}

/** One element as a number. */
type Get = (view: DataView, at: number, isLittle: boolean) => number;

const integers: Readonly<Record<string, Get>> = {
  i1: (view, at) => view.getInt8(at),
  u2: (view, at, isLittle) => view.getUint16(at, isLittle),
  i2: (view, at, isLittle) => view.getInt16(at, isLittle),
  u4: (view, at, isLittle) => view.getUint32(at, isLittle),
  i4: (view, at, isLittle) => view.getInt32(at, isLittle),
  u8: (view, at, isLittle) => Number(view.getBigUint64(at, isLittle)),
  i8: (view, at, isLittle) => Number(view.getBigInt64(at, isLittle)),
};

const floats: Readonly<Record<string, Get>> = {
  f2: (view, at, isLittle) => halfPrecision(view.getUint16(at, isLittle)),
  f4: (view, at, isLittle) => view.getFloat32(at, isLittle),
  f8: (view, at, isLittle) => view.getFloat64(at, isLittle),
};

/**
 * Element types by their code in a header: byte order, kind and number of bytes.
 *
 * @throws {FormatError} they are not numbers.
 */
export function elementsOfNpy(type: string, source: string): NpyElements {
  const [, order = "", code = ""] = /^([<>|=]?)([biuf]\d+)$/.exec(type) ?? [];
  const isLittle = order !== ">";
  const size = Number(code.slice(1));
  if (code === "u1" || code === "b1") return { type, size, read: (bytes) => bytes };
  const [integer, float] = [integers[code], floats[code]];
  if (float !== undefined) {
    return {
      type,
      size,
      read: (bytes) => convert(bytes, size, isLittle, float, new Float32Array(bytes.length / size)),
    };
  }
  if (integer !== undefined) {
    return {
      type,
      size,
      read: (bytes, name) => {
        const data = new Int32Array(bytes.length / size);
        const within: Get = (view, at) => {
          const value = integer(view, at, isLittle);
          if (value === (value | 0)) return value;
          throw new FormatError(name, `element ${at / size}`, "an integer within 32 bits", `${value}`);
        };
        return convert(bytes, size, isLittle, within, data);
      },
    };
  }
  throw new FormatError(
    source,
    "the elements",
    "booleans, integers or floats of up to 64 bits",
    `numpy's type ${type}`,
  );
}

function convert<Data extends TypedArray>(
  bytes: Uint8Array,
  size: number,
  isLittle: boolean,
  get: Get,
  data: Data,
): Data {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let index = 0; index < data.length; index++) data[index] = get(view, index * size, isLittle);
  return data;
}

/** IEEE 754 binary16: 1 bit of sign, 5 of exponent, 10 of fraction. */
function halfPrecision(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
