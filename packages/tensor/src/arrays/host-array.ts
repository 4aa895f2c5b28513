import { describeValue } from "../text/describe-value.ts";
import { InvalidConfigError, ShapeError } from "../errors.ts";
import { formatElements } from "./host-array-text.ts";
import { tagOf } from "./is-typed-array.ts";
import { type FixedShape, formatShape, resolveReshape, sizeOf, stridesOf } from "../shapes/shape.ts";

/** Element types of host arrays; `uint8` holds pixels, `int32` labels. */
export type DataType = "float32" | "int32" | "uint8";

/** The typed array of an element type. */
export type TypedArray = Float32Array | Int32Array | Uint8Array;

/** Numbers nested as deep as the array's rank. */
export type NestedNumbers = number | readonly NestedNumbers[];

/**
 * A typed array and its shape, row-major, in the host's memory: what files hold before a device takes it.
 *
 * Reshapes, entries and slices share the data; nothing here writes to it.
 */
export class HostArray<Data extends TypedArray = TypedArray> {
  readonly data: Data;
  readonly shape: FixedShape;
  readonly #strides: readonly number[];

  /**
   * The bytes of a `Uint8ClampedArray`, as `ImageData` has them, are taken as uint8.
   *
   * @throws {ShapeError} `shape` is not a list of lengths, or `data` does not hold exactly as many elements.
   * @throws {InvalidConfigError} `data` is not a typed array of one of the element types.
   */
  constructor(data: Data, shape: FixedShape) {
    const elements = elementsOf(data);
    if (!(Array.isArray(shape) && shape.every((length) => Number.isInteger(length) && length >= 0))) {
      throw new ShapeError("HostArray", "shape", "a list of integers of at least 0", describeValue(shape));
    }
    const size = sizeOf(shape);
    if (elements.length !== size) {
      throw new ShapeError("HostArray", "data", `${size} elements for ${formatShape(shape)}`, `${elements.length}`);
    }
    this.data = elements as Data;
    this.shape = [...shape];
    this.#strides = stridesOf(shape);
  }

  /**
   * A float32 array of nested numbers.
   *
   * @throws {ShapeError} siblings differ in length or depth.
   * @throws {InvalidConfigError} something in it is not a number.
   */
  static from(values: NestedNumbers): HostArray<Float32Array> {
    const shape = nestedShape(values);
    const data = new Float32Array(sizeOf(shape));
    const written = flatten(values, shape, 0, data, 0);
    return new HostArray(data.subarray(0, written), shape);
  }

  /** Number of axes. */
  get rank(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return this.data.length;
  }

  get dtype(): DataType {
    return dataTypes[tagOf(this.data)] ?? "uint8";
  }

  /**
   * One element. Negative indices count from the end, as in NumPy.
   *
   * @throws {InvalidConfigError} an index is missing or outside its axis.
   */
  at(...indices: readonly number[]): number {
    if (indices.length !== this.rank) {
      throw new InvalidConfigError("HostArray.at", "indices", `${this.rank} numbers`, indices);
    }
    return this.data[this.#offset("HostArray.at", indices)] ?? Number.NaN;
  }

  /**
   * What stands at the given indices of the first axes: `[3, 2, 5]` has entries `(i)` of shape `[2, 5]`, `(i, j)` of
   * `[5]`. Negative indices count from the end.
   *
   * @throws {InvalidConfigError} there are more indices than axes, or one is outside its axis.
   */
  entry(...indices: readonly number[]): HostArray<Data> {
    if (indices.length > this.rank) {
      throw new InvalidConfigError("HostArray.entry", "indices", `at most ${this.rank} numbers`, indices);
    }
    const shape = this.shape.slice(indices.length);
    return this.#view(this.#offset("HostArray.entry", indices), shape);
  }

  /**
   * Entries `[start, end)` of the first axis. Negative bounds count from the end.
   *
   * @throws {InvalidConfigError} the array has rank 0, or the bounds leave the axis.
   */
  slice(start: number, end: number = this.shape[0] ?? 0): HostArray<Data> {
    const [length, ...rest] = this.shape;
    if (length === undefined) throw new InvalidConfigError("HostArray.slice", "array", "of rank 1 or more", this.rank);
    const [from = -1, to = -1] = [start, end].map((bound) =>
      Number.isInteger(bound) && bound < 0 ? length + bound : bound,
    );
    if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= length)) {
      throw new InvalidConfigError("HostArray.slice", "bounds", `integers within an axis of ${length}`, [start, end]);
    }
    return this.#view(from * sizeOf(rest), [to - from, ...rest]);
  }

  /** The same data under another shape; one `-1` is worked out. @throws {ShapeError} sizes differ. */
  reshape(shape: FixedShape): HostArray<Data> {
    return new HostArray(this.data, resolveReshape(this.size, shape));
  }

  /** Nested plain numbers, as deep as the rank. */
  toNested(): NestedNumbers {
    const nest = (axis: number, offset: number): NestedNumbers =>
      axis === this.rank
        ? (this.data[offset] ?? Number.NaN)
        : Array.from({ length: this.shape[axis] ?? 0 }, (_, index) =>
            nest(axis + 1, offset + index * (this.#strides[axis] ?? 0)),
          );
    return nest(0, 0);
  }

  /**
   * The array as text: a heading with type, shape and axes, then one row a line, with blank lines between matrices.
   *
   * @param edge axes longer than `2 * edge` show their first and last `edge` entries
   */
  toString(edge = 10): string {
    if (!(Number.isInteger(edge) && edge >= 1)) {
      throw new InvalidConfigError("HostArray.toString", "edge", "an integer of at least 1", edge);
    }
    const axes = this.shape.map((length, axis) => `axis ${axis}: ${length}`).join(", ");
    const heading = `${this.dtype} ${formatShape(this.shape)}${axes === "" ? "" : `  ${axes}`}`;
    return `${heading}\n${formatElements(this.data, this.shape, edge)}`;
  }

  #view(offset: number, shape: FixedShape): HostArray<Data> {
    // subarray's declared type forgets which typed array it came from
    return new HostArray(this.data.subarray(offset, offset + sizeOf(shape)) as Data, shape);
  }

  #offset(owner: string, indices: readonly number[]): number {
    return indices.reduce((offset, index, axis) => {
      const length = this.shape[axis] ?? 0;
      const resolved = Number.isInteger(index) && index < 0 ? length + index : index;
      if (!Number.isInteger(resolved) || resolved < 0 || resolved >= length) {
        throw new InvalidConfigError(owner, `index of axis ${axis}`, `an integer in [${-length}, ${length})`, index);
      }
      return offset + resolved * (this.#strides[axis] ?? 0);
    }, 0);
  }
}

/** By name: the typed arrays of a frame, a worker or a test runner are not instances of this realm's classes. */
const dataTypes: Readonly<Record<string, DataType>> = {
  Float32Array: "float32",
  Int32Array: "int32",
  Uint8Array: "uint8",
};

function elementsOf(data: TypedArray): TypedArray {
  const tag = tagOf(data);
  if (Object.hasOwn(dataTypes, tag)) return data;
  const { buffer, byteOffset, length } = data ?? {};
  if (tag === "Uint8ClampedArray") return new Uint8Array(buffer, byteOffset, length);
  const remedy = Array.isArray(data) ? " (HostArray.from takes nested lists)" : "";
  const expected = `a Float32Array, Int32Array or Uint8Array${remedy}`;
  throw new InvalidConfigError("HostArray", "data", expected, data);
}

/** More axes than this are a list that contains itself. */
const mostAxes = 32;

function nestedShape(values: unknown): number[] {
  const shape: number[] = [];
  let level = values;
  while (isList(level)) {
    if (shape.length === mostAxes) {
      throw new ShapeError("HostArray.from", "values", `at most ${mostAxes} lists deep`, "a deeper list");
    }
    shape.push(level.length);
    if (level.length === 0) break;
    level = level[0];
  }
  return shape;
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** Writes nested numbers from `offset` on. @returns the offset behind them */
function flatten(values: unknown, shape: FixedShape, axis: number, into: Float32Array, offset: number): number {
  const length = shape[axis];
  if (!isList(values)) {
    if (typeof values !== "number") throw new InvalidConfigError("HostArray.from", "values", "numbers", values);
    if (length !== undefined) throw new ShapeError("HostArray.from", `axis ${axis}`, `${length} numbers`, "a number");
    into[offset] = values;
    return offset + 1;
  }
  if (values.length !== length) {
    const expected = length === undefined ? "a number, like its siblings" : `${length} long, like its siblings`;
    throw new ShapeError("HostArray.from", `axis ${axis}`, expected, `a list of ${values.length}`);
  }
  let end = offset;
  for (let index = 0; index < length; index++) end = flatten(values[index], shape, axis + 1, into, end);
  return end;
}
