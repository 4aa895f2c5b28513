import { InvalidConfigError, ShapeError } from "./errors.ts";
import { formatElements } from "./host-array-text.ts";
import { type FixedShape, formatShape, resolveReshape, sizeOf, stridesOf } from "./shape.ts";

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

  /** @throws {ShapeError} `data` does not hold exactly as many elements as `shape` asks for. */
  constructor(data: Data, shape: FixedShape) {
    if (!shape.every((length) => Number.isInteger(length) && length >= 0)) {
      throw new ShapeError("HostArray", "shape", "made of integers of at least 0", formatShape(shape));
    }
    const size = sizeOf(shape);
    if (data.length !== size) {
      throw new ShapeError("HostArray", "data", `${size} elements for ${formatShape(shape)}`, `${data.length}`);
    }
    this.data = data;
    this.shape = [...shape];
    this.#strides = stridesOf(shape);
  }

  /**
   * A float32 array of nested numbers.
   *
   * @throws {ShapeError} siblings differ in length or depth.
   */
  static from(values: NestedNumbers): HostArray<Float32Array> {
    const shape: number[] = [];
    for (let level = values; typeof level !== "number"; level = level[0] ?? 0) shape.push(level.length);
    const flat: number[] = [];
    flatten(values, shape, 0, flat);
    return new HostArray(Float32Array.from(flat), shape);
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
    if (this.data instanceof Float32Array) return "float32";
    return this.data instanceof Int32Array ? "int32" : "uint8";
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
    const from = start < 0 ? length + start : start;
    const to = end < 0 ? length + end : end;
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
      const resolved = index < 0 ? length + index : index;
      if (!Number.isInteger(resolved) || resolved < 0 || resolved >= length) {
        throw new InvalidConfigError(owner, `index of axis ${axis}`, `an integer in [${-length}, ${length})`, index);
      }
      return offset + resolved * (this.#strides[axis] ?? 0);
    }, 0);
  }
}

function flatten(values: NestedNumbers, shape: FixedShape, axis: number, into: number[]): void {
  const length = shape[axis];
  if (typeof values === "number") {
    if (length !== undefined) throw new ShapeError("HostArray.from", `axis ${axis}`, `${length} numbers`, "a number");
    into.push(values);
    return;
  }
  if (values.length !== length) {
    const expected = length === undefined ? "a number, as its siblings" : `${length} long, as its siblings`;
    throw new ShapeError("HostArray.from", `axis ${axis}`, expected, `a list of ${values.length}`);
  }
  for (const value of values) flatten(value, shape, axis + 1, into);
}
