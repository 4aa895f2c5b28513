import { InvalidConfigError, ShapeError } from "./errors.ts";
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
 * Reshapes and leading-axis slices share the data; nothing here writes to it.
 */
export class HostArray<Data extends TypedArray = TypedArray> {
  readonly data: Data;
  readonly shape: FixedShape;
  readonly #strides: readonly number[];

  /** @throws {ShapeError} `data` does not hold exactly as many elements as `shape` asks for. */
  constructor(data: Data, shape: FixedShape) {
    if (data.length !== sizeOf(shape)) {
      throw new ShapeError(
        "HostArray",
        "data",
        `${sizeOf(shape)} elements for ${formatShape(shape)}`,
        `${data.length}`,
      );
    }
    this.data = data;
    this.shape = shape;
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

  get rank(): number {
    return this.shape.length;
  }

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
    const offset = indices.reduce((sum, index, axis) => sum + this.#index(index, axis) * (this.#strides[axis] ?? 0), 0);
    return this.data[offset] ?? Number.NaN;
  }

  /**
   * Entries `[start, end)` of the first axis, sharing this array's data. Negative bounds count from the end.
   *
   * @throws {InvalidConfigError} the array has rank 0, or the bounds leave the axis.
   */
  slice(start: number, end: number = this.shape[0] ?? 0): HostArray<Data> {
    const [length, ...rest] = this.shape;
    if (length === undefined) throw new InvalidConfigError("HostArray.slice", "array", "of rank 1 or more", this.rank);
    const from = start < 0 ? length + start : start;
    const to = end < 0 ? length + end : end;
    if (!(from >= 0 && from <= to && to <= length)) {
      throw new InvalidConfigError("HostArray.slice", "bounds", `within an axis of ${length}`, [start, end]);
    }
    const entry = sizeOf(rest);
    return new HostArray(this.data.subarray(from * entry, to * entry) as Data, [to - from, ...rest]);
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
   * The array as text: a heading with type, shape and axes, then one row a line, with a blank line between matrices.
   *
   * Longer axes than `edge * 2` show their first and last `edge` entries.
   */
  toString(edge = 10): string {
    const axes = this.shape.map((length, axis) => `axis ${axis}: ${length}`).join(", ");
    const heading = `${this.dtype} ${formatShape(this.shape)}${axes === "" ? "" : `  ${axes}`}`;
    return `${heading}\n${this.#print(0, 0, edge)}`;
  }

  #print(axis: number, offset: number, edge: number): string {
    if (axis === this.rank) return formatNumber(this.data[offset] ?? Number.NaN);
    const length = this.shape[axis] ?? 0;
    const entry = (index: number): string => this.#print(axis + 1, offset + index * (this.#strides[axis] ?? 0), edge);
    const range = (from: number, to: number): string[] =>
      Array.from({ length: Math.max(0, to - from) }, (_, index) => entry(from + index));
    const parts = length > edge * 2 ? [...range(0, edge), "...", ...range(length - edge, length)] : range(0, length);
    const depth = this.rank - axis;
    if (depth === 1) return `[${parts.join(" ")}]`;
    const separator = "\n".repeat(depth - 1) + " ".repeat(axis + 1);
    return `[${parts.join(separator)}]`;
  }

  #index(index: number, axis: number): number {
    const length = this.shape[axis] ?? 0;
    const resolved = index < 0 ? length + index : index;
    if (!Number.isInteger(resolved) || resolved < 0 || resolved >= length) {
      throw new InvalidConfigError("HostArray.at", `index of axis ${axis}`, `in [${-length}, ${length})`, index);
    }
    return resolved;
  }
}

function flatten(values: NestedNumbers, shape: FixedShape, axis: number, into: number[]): void {
  if (typeof values === "number") {
    if (axis !== shape.length)
      throw new ShapeError("HostArray.from", "values", `nested ${shape.length} deep`, `${axis}`);
    into.push(values);
    return;
  }
  if (values.length !== shape[axis]) {
    throw new ShapeError(
      "HostArray.from",
      `axis ${axis}`,
      `${shape[axis] ?? "a number"} long everywhere`,
      `${values.length}`,
    );
  }
  for (const value of values) flatten(value, shape, axis + 1, into);
}

function formatNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}
