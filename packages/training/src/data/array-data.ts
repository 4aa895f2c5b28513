import {
  HostArray,
  InvalidConfigError,
  type NestedNumbers,
  type Shape,
  ShapeError,
  formatShape,
  sizeOf,
  isTypedArray,
} from "@featuremap/tensor";
import { Tensor } from "@tensorflow/tfjs-core";

/** Typed arrays whose elements are numbers. */
export type NumberArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array;

/**
 * Numbers with a shape: a host array, a tensor, which stays the caller's, nested lists of numbers, or a typed array, which
 * is one number for each example, or for a model's input as many as the input takes.
 */
export type ArrayData = HostArray | Tensor | NumberArray | readonly NestedNumbers[];

/** Lists within lists that are looked at; images in a batch have 4. */
const deepest = 8;

export function isNumberArray(value: unknown): value is NumberArray {
  return (
    ArrayBuffer.isView(value) &&
    !(value instanceof DataView || value instanceof BigInt64Array || value instanceof BigUint64Array)
  );
}

/** Tells one array from a list or record of several. A list of numbers, of lists of them or of typed arrays is one. */
export function isArrayData(value: unknown): value is ArrayData {
  if (value instanceof HostArray || value instanceof Tensor || isNumberArray(value)) return true;
  if (!Array.isArray(value)) return false;
  let first: unknown = value;
  for (let depth = 0; Array.isArray(first) && depth < deepest; depth++) first = first[0];
  return first === undefined || typeof first === "number" || typeof first === "boolean" || isNumberArray(first);
}

/** Whether it is an object as `{}` writes it, and no object of a class. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The same data with host arrays in the place of tensors, at whatever place in lists and records. */
export async function readTensors(given: unknown, depth = 0): Promise<unknown> {
  if (given instanceof Tensor) return readTensor(given);
  // Numbers are left alone: there may be millions.
  if (depth > 2 || isArrayData(given)) return given;
  if (Array.isArray(given)) return Promise.all(given.map((each: unknown) => readTensors(each, depth + 1)));
  if (given instanceof Map) return readTensors(Object.fromEntries(given), depth);
  if (!isRecord(given)) return given;
  const entries = Object.entries(given).map(
    async ([name, each]) => [name, await readTensors(each, depth + 1)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function readTensor(given: Tensor): Promise<HostArray> {
  if (given.dtype === "string" || given.dtype === "complex64") {
    throw new InvalidConfigError("Trainer", "tensor", "of numbers", given.dtype);
  }
  if (given.isDisposed) throw new InvalidConfigError("Trainer", "tensor", "one that is not disposed", "a disposed one");
  const data: unknown = await given.data();
  return new HostArray(hostData(data as NumberArray), given.shape);
}

/**
 * One array in the host's memory.
 *
 * @param entry the shape of one example, the first axis left out, for a typed array; unknown where it is absent
 * @throws {InvalidConfigError} it is not an array of numbers, or has no axis of examples.
 * @throws {ShapeError} nested lists differ in length or depth, or a typed array holds parts of an example.
 */
export function hostArray(owner: string, option: string, given: unknown, entry?: Shape): HostArray {
  const array = asHostArray(owner, option, given, entry);
  const { data, rank } = array;
  if (!isTypedArray(data, "Float32Array", "Int32Array", "Uint8Array")) {
    throw new InvalidConfigError(owner, option, "of float32, int32 or uint8", data);
  }
  if (rank > 0) return array;
  throw new InvalidConfigError(owner, option, "an array with an axis of examples", "one number without an axis");
}

function asHostArray(owner: string, option: string, given: unknown, entry: Shape | undefined): HostArray {
  if (given instanceof HostArray) return given;
  if (isNumberArray(given)) {
    const data = hostData(given);
    const known = entry?.map((length) => length ?? 0) ?? [];
    const size = sizeOf(known);
    if (known.length === 0 || size === 0) return new HostArray(data, [data.length]);
    if (data.length % size === 0) return new HostArray(data, [data.length / size, ...known]);
    throw new ShapeError(owner, option, `${size} numbers for each example of ${formatShape(known)}`, `${data.length}`);
  }
  if (Array.isArray(given)) return HostArray.from(plainNumbers(owner, option, given, 0));
  const expected = "a HostArray, a tensor, a typed array or nested lists of numbers, or a list or record of them";
  throw new InvalidConfigError(owner, option, expected, given);
}

/** Nested lists, once every leaf is known to be a number. */
function plainNumbers(owner: string, option: string, given: unknown, depth: number): NestedNumbers {
  if (typeof given === "number") return given;
  // Labels of yes or no, as NumPy's bool.
  if (typeof given === "boolean") return Number(given);
  if (isNumberArray(given)) return Array.from(given);
  if (Array.isArray(given) && depth < deepest) {
    return given.map((each: unknown) => plainNumbers(owner, option, each, depth + 1));
  }
  throw new InvalidConfigError(owner, option, "made of numbers alone", given);
}

/** The same numbers in one of the types that host arrays have: integers stay exact, doubles become float32. */
function hostData(given: NumberArray): Float32Array | Int32Array | Uint8Array {
  if (isTypedArray(given, "Float32Array", "Int32Array", "Uint8Array")) return given;
  if (isTypedArray(given, "Float64Array", "Uint32Array")) return Float32Array.from(given);
  return isTypedArray(given, "Uint8ClampedArray")
    ? new Uint8Array(given.buffer, given.byteOffset, given.length)
    : Int32Array.from(given);
}
