import { FormatError, describeValue, fromFloat16 } from "@featuremap/tensor";

/** Element types of stored tensors by NumPy's names, with their size in bytes. */
export const elementBytes = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint64: 8,
  uint32: 4,
  uint16: 2,
  uint8: 1,
  bool: 1,
} as const;

/** How a file stores a tensor's elements. */
export type ElementType = keyof typeof elementBytes;

/**
 * Stored elements as float32, which is what weights are.
 *
 * Little-endian, as every format here stores them. Integers of more than 24 bits and float64 are rounded to the nearest float32.
 *
 * @param source the file, for the error
 * @param what the tensor, for the error
 * @throws {FormatError} the bytes are not a whole number of elements, or a finite element is beyond float32.
 */
export function toFloat32(
  bytes: Uint8Array,
  type: ElementType,
  source: string,
  what: string,
): Float32Array<ArrayBuffer> {
  const size = elementBytes[type];
  if (bytes.length % size !== 0) {
    throw new FormatError(source, what, `a multiple of ${size} bytes for ${type}`, `${bytes.length}`);
  }
  const values = convert[type](bytes, bytes.length / size);
  if (type === "float64") checkRange(bytes, values, source, what);
  return values;
}

type Convert = (bytes: Uint8Array, length: number) => Float32Array<ArrayBuffer>;

/** A copy whose first byte is aligned for every type. */
export function aligned(bytes: Uint8Array): ArrayBuffer {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return copy.buffer;
}

function bigIntegers(values: BigInt64Array | BigUint64Array): Float32Array<ArrayBuffer> {
  const result = new Float32Array(values.length);
  for (let index = 0; index < values.length; index++) result[index] = Number(values[index]);
  return result;
}

const convert: Readonly<Record<ElementType, Convert>> = {
  float64: (bytes) => new Float32Array(new Float64Array(aligned(bytes))),
  float32: (bytes) => new Float32Array(aligned(bytes)),
  float16: (bytes) => fromFloat16(new Uint16Array(aligned(bytes))),
  bfloat16(bytes, length) {
    const words = new Uint32Array(length);
    const halves = new Uint16Array(aligned(bytes));
    for (let index = 0; index < length; index++) words[index] = (halves[index] ?? 0) << 16;
    return new Float32Array(words.buffer);
  },
  int64: (bytes) => bigIntegers(new BigInt64Array(aligned(bytes))),
  int32: (bytes) => new Float32Array(new Int32Array(aligned(bytes))),
  int16: (bytes) => new Float32Array(new Int16Array(aligned(bytes))),
  int8: (bytes) => new Float32Array(new Int8Array(aligned(bytes))),
  uint64: (bytes) => bigIntegers(new BigUint64Array(aligned(bytes))),
  uint32: (bytes) => new Float32Array(new Uint32Array(aligned(bytes))),
  uint16: (bytes) => new Float32Array(new Uint16Array(aligned(bytes))),
  uint8: (bytes) => new Float32Array(bytes),
  bool: (bytes) => Float32Array.from(bytes, (byte) => (byte === 0 ? 0 : 1)),
};

function checkRange(bytes: Uint8Array, values: Float32Array, source: string, what: string): void {
  const beyond = values.findIndex((value) => Math.abs(value) === Number.POSITIVE_INFINITY);
  if (beyond === -1) return;
  const stored = new Float64Array(aligned(bytes));
  const lost = stored.find((value, index) => Number.isFinite(value) && !Number.isFinite(values[index]));
  if (lost !== undefined) throw new FormatError(source, what, "of numbers that float32 can hold", describeValue(lost));
}
