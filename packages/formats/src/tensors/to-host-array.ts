import { type FixedShape, FormatError, HostArray } from "@featuremap/tensor";
import { type ElementType, aligned, toFloat32 } from "./element-types.ts";

const floats: ReadonlySet<ElementType> = new Set(["float64", "float32", "float16", "bfloat16"]);

/**
 * Stored elements as the host array nearest to them: floats as float32, bytes and booleans as uint8, other integers as int32.
 *
 * Little-endian. float32, int32 and uint8 share the memory of `bytes` where it is aligned.
 *
 * @param bytes exactly the elements of the shape
 * @param source the file, for the error
 * @param what the tensor, for the error
 * @throws {FormatError} a number is beyond float32 or int32.
 */
export function toHostArray(
  bytes: Uint8Array,
  shape: FixedShape,
  type: ElementType,
  source: string,
  what: string,
): HostArray {
  if (type === "uint8") return new HostArray(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), shape);
  if (type === "bool") {
    return new HostArray(
      Uint8Array.from(bytes, (byte) => (byte === 0 ? 0 : 1)),
      shape,
    );
  }
  const isAligned = bytes.byteOffset % 4 === 0;
  if (type === "float32" && isAligned) {
    return new HostArray(new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4), shape);
  }
  if (floats.has(type)) return new HostArray(toFloat32(bytes, type, source, what), shape);
  if (type === "int32" && isAligned) {
    return new HostArray(new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4), shape);
  }
  return new HostArray(toInt32(bytes, type, source, what), shape);
}

type Integers = ArrayLike<number> | ArrayLike<bigint>;

const integers: Readonly<Partial<Record<ElementType, (buffer: ArrayBuffer) => Integers>>> = {
  int64: (buffer) => new BigInt64Array(buffer),
  int32: (buffer) => new Int32Array(buffer),
  int16: (buffer) => new Int16Array(buffer),
  int8: (buffer) => new Int8Array(buffer),
  uint64: (buffer) => new BigUint64Array(buffer),
  uint32: (buffer) => new Uint32Array(buffer),
  uint16: (buffer) => new Uint16Array(buffer),
};

function toInt32(bytes: Uint8Array, type: ElementType, source: string, what: string): Int32Array {
  const stored = integers[type]?.(aligned(bytes)) ?? [];
  const result = new Int32Array(stored.length);
  for (let index = 0; index < result.length; index++) {
    const value = stored[index] ?? 0;
    result[index] = Number(value);
    if (result[index] !== Number(value)) {
      throw new FormatError(source, what, "of integers that int32 can hold", `${value}`);
    }
  }
  return result;
}
