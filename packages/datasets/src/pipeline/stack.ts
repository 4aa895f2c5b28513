import { HostArray, InvalidConfigError, ShapeError, formatShape, isTypedArray } from "@featuremap/tensor";

type Data = Float32Array | Int32Array | Uint8Array;

/** One example's part of a batch: an array without the axis of examples. */
interface Entry {
  readonly data: Data;
  readonly shape: readonly number[];
  readonly isPicture: boolean;
}

const owner = "Dataset.batch";
const arrays = "a number, a picture { data, width, height }, a HostArray, a typed array, or lists of numbers";

/**
 * The same part of several examples as one array, with an axis of examples before its own: numbers as float32, pictures as
 * uint8 of shape `[size, height, width, channels]`, arrays in their own type.
 *
 * @param option what errors call the part: `x`, or `x.left`
 * @param tell what errors call an example, by its place in the batch
 * @throws {InvalidConfigError} a part is not an array, or of another type than the first.
 * @throws {ShapeError} a part has another shape than the first.
 */
export function stack(option: string, parts: readonly unknown[], tell: (place: number) => string): HostArray {
  const entries = parts.map((part, place) => entryOf(`${option} of ${tell(place)}`, part));
  const [first] = entries;
  if (first === undefined) throw new InvalidConfigError(owner, option, "of one example or more", "none");
  const length = first.data.length;
  const data = emptyLike(first.data, length * entries.length);
  for (const [place, entry] of entries.entries()) {
    if (formatShape(entry.shape) !== formatShape(first.shape)) refuseShape(option, first, entry, tell, place);
    if (entry.data.constructor !== first.data.constructor) {
      const expected = `${typeOf(first)}, like that of ${tell(0)}`;
      throw new InvalidConfigError(owner, `${option} of ${tell(place)}`, expected, typeOf(entry));
    }
    data.set(entry.data, place * length);
  }
  return new HostArray(data, [entries.length, ...first.shape]);
}

function entryOf(option: string, part: unknown): Entry {
  if (typeof part === "number" || typeof part === "boolean") {
    return { data: Float32Array.of(Number(part)), shape: [], isPicture: false };
  }
  if (part instanceof HostArray) {
    const { data } = part;
    if (isData(data)) return { data, shape: part.shape, isPicture: false };
  }
  if (isPicture(part)) {
    const { data, width, height } = part;
    const channels = data.length / (width * height);
    if (![1, 3, 4].includes(channels)) {
      const expected = `with 1, 3 or 4 bytes for each of ${width} x ${height} pixels`;
      throw new ShapeError(owner, option, expected, `${data.length} bytes`);
    }
    return { data: hostData(data), shape: [height, width, channels], isPicture: true };
  }
  if (ArrayBuffer.isView(part) && "length" in part && !isBig(part)) {
    const data = hostData(part as typeof part & ArrayLike<number>);
    return { data, shape: [data.length], isPicture: false };
  }
  if (isNumbers(part)) {
    const { data, shape } = HostArray.from(part as never);
    return { data, shape, isPicture: false };
  }
  throw new InvalidConfigError(owner, option, arrays, part);
}

/** Whether it is one array, and no list or record of several. */
export function isArrayPart(part: unknown): boolean {
  if (typeof part !== "object" || part === null) return true;
  return part instanceof HostArray || isPicture(part) || ArrayBuffer.isView(part) || isNumbers(part);
}

interface Picture {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

function isPicture(part: unknown): part is Picture {
  const { data, width, height } = (part ?? {}) as Partial<Picture>;
  const isBytes = isTypedArray(data, "Uint8Array", "Uint8ClampedArray");
  return isBytes && [width, height].every((side) => Number.isInteger(side) && Number(side) > 0);
}

/** Lists of numbers, of whatever depth. */
function isNumbers(part: unknown): boolean {
  let first: unknown = part;
  while (Array.isArray(first)) first = first[0];
  return Array.isArray(part) && typeof first === "number";
}

function isBig(part: ArrayBufferView): boolean {
  return part instanceof BigInt64Array || part instanceof BigUint64Array;
}

function isData(data: unknown): data is Data {
  return isTypedArray(data, "Float32Array", "Int32Array", "Uint8Array");
}

/** In one of the types that host arrays have: bytes stay bytes, integers stay exact, doubles become float32. */
function hostData(given: ArrayLike<number>): Data {
  if (isData(given)) return given;
  if (isTypedArray(given, "Uint8ClampedArray")) return new Uint8Array(given.buffer, given.byteOffset, given.length);
  return isTypedArray(given, "Float64Array", "Uint32Array") ? Float32Array.from(given) : Int32Array.from(given);
}

function emptyLike(data: Data, length: number): Data {
  if (isTypedArray(data, "Float32Array")) return new Float32Array(length);
  return isTypedArray(data, "Int32Array") ? new Int32Array(length) : new Uint8Array(length);
}

function typeOf({ data }: Entry): string {
  return isTypedArray(data, "Float32Array") ? "float32" : isTypedArray(data, "Int32Array") ? "int32" : "uint8";
}

function refuseShape(
  option: string,
  first: Entry,
  other: Entry,
  tell: (place: number) => string,
  place: number,
): never {
  const arePictures = first.isPicture && other.isPicture;
  const remedy = arePictures
    ? "; pictures of a batch must have the same size: use images({ imageSize }), or map with resizePixels"
    : "";
  const shapeOf = ({ shape }: Entry): string => (arePictures ? sizeOf(shape) : formatShape(shape));
  throw new ShapeError(
    owner,
    `${option} of ${tell(place)}`,
    `${shapeOf(first)} like that of ${tell(0)}${remedy}`,
    shapeOf(other),
  );
}

function sizeOf([height, width, channels]: readonly number[]): string {
  return `${width} x ${height} pixels in ${channels} channel${channels === 1 ? "" : "s"}`;
}
