import { FormatError, sizeOf } from "@featuremap/tensor";
import { type ElementType, elementBytes, toFloat32 } from "../../tensors/element-types.ts";
import { type OnnxTensor, elementTypes } from "../proto/model-proto.ts";

/** A tensor of the graph whose values are known. */
export interface Constant {
  readonly kind: "constant";
  readonly shape: readonly number[];
  /** Whether its elements are integers, as those of shapes and indices are. NaN among them is a length that is open. */
  readonly isInteger: boolean;
  readonly values: Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;
  /** Its element type, where the file states it. */
  readonly type?: ElementType | undefined;
}

const integerTypes: ReadonlySet<string> = new Set([
  "int64",
  "int32",
  "int16",
  "int8",
  "uint64",
  "uint32",
  "uint16",
  "uint8",
  "bool",
]);

/** Floats. */
export function floats(values: Float32Array<ArrayBuffer>, shape: readonly number[]): Constant {
  return { kind: "constant", shape, isInteger: false, values };
}

export function integers(values: readonly number[], shape: readonly number[] = [values.length]): Constant {
  return { kind: "constant", shape, isInteger: true, values: Float64Array.from(values) };
}

/**
 * A tensor of the file with its elements.
 *
 * @param bytes its elements, where they were in another file
 * @throws {FormatError} it is of a type that has no numbers, or has more or fewer elements than its shape.
 */
export function readConstant(tensor: OnnxTensor, source: string, bytes?: Uint8Array): Constant {
  return { ...readValues(tensor, source, bytes ?? tensor.bytes), type: elementTypes.get(tensor.type) };
}

function readValues(tensor: OnnxTensor, source: string, bytes: Uint8Array | undefined): Constant {
  const { name, shape, integers: numbers } = tensor;
  const what = `tensor ${name}`;
  const type = elementTypes.get(tensor.type);
  if (type === undefined) throw new FormatError(source, what, "of floats or integers", `element type ${tensor.type}`);
  if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    throw new FormatError(source, what, "of a shape of lengths", shape.join(" x "));
  }
  const size = sizeOf(shape);
  const isInteger = integerTypes.has(type);
  // Halves are written as integers of their bits.
  const isHalf = type === "float16" || type === "bfloat16";
  const given = numbers === undefined ? (bytes?.length ?? 0) / elementBytes[type] : numbers.length;
  if (given !== size)
    throw new FormatError(source, what, `of ${size} elements, as its shape is ${shape.join(" x ")}`, `${given}`);
  if (numbers !== undefined && isHalf) {
    return readValues({ ...tensor, integers: undefined }, source, new Uint8Array(Uint16Array.from(numbers).buffer));
  }
  if (numbers !== undefined) {
    return isInteger ? integers(numbers, shape) : floats(Float32Array.from(numbers), shape);
  }
  const own = bytes ?? new Uint8Array();
  if (isInteger && (type === "int64" || type === "uint64" || type === "int32" || type === "uint32")) {
    return { kind: "constant", shape, isInteger, values: wideIntegers(own, type) };
  }
  const values = toFloat32(own, type, source, what);
  return isInteger ? { kind: "constant", shape, isInteger, values: new Float64Array(values) } : floats(values, shape);
}

/** Integers that float32 might round. */
function wideIntegers(bytes: Uint8Array, type: "int64" | "uint64" | "int32" | "uint32"): Float64Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = {
    int64: (at: number): number => Number(view.getBigInt64(at, true)),
    uint64: (at: number): number => Number(view.getBigUint64(at, true)),
    int32: (at: number): number => view.getInt32(at, true),
    uint32: (at: number): number => view.getUint32(at, true),
  }[type];
  const size = elementBytes[type];
  return Float64Array.from({ length: bytes.length / size }, (_, index) => read(index * size));
}
