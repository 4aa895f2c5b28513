import { FormatError, HostArray, formatShape, sizeOf } from "@featuremap/tensor";
import { requireBytes } from "../bytes/byte-source.ts";
import { type NpyElements, elementsOfNpy } from "./npy-elements.ts";
import { transposed } from "./transposed.ts";

/** What the header of a `.npy` file says. */
interface NpyHeader {
  readonly elements: NpyElements;
  readonly isFortran: boolean;
  readonly shape: readonly number[];
  readonly headerLength: number;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** numpy itself refuses longer ones from strangers. */
const longestHeader = 10_000;
/** As in numpy. */
const mostAxes = 64;

/**
 * Reads an array as numpy's `save` writes it: booleans, integers and floats of any size and byte order, in C or Fortran
 * order.
 *
 * Bytes and booleans become uint8, other integers int32, floats float32, 64-bit floats rounded.
 * An array of bytes in C order shares the file's bytes.
 *
 * Source: NumPy Enhancement Proposal 1, "A Simple File Format for NumPy Arrays".
 *
 * @param source the file's name, for the error
 * @throws {FormatError} it is no `.npy` file, damaged, or holds other elements, as Python objects, or integers outside int32.
 */
export function parseNpy(bytes: Uint8Array, source: string): HostArray {
  requireBytes("parseNpy", bytes);
  const { elements, isFortran, shape, headerLength } = readHeader(bytes, source);
  const length = headerLength + sizeOf(shape) * elements.size;
  if (bytes.length !== length) {
    const expected = `${length} bytes long for ${elements.type} ${formatShape(shape)}`;
    throw new FormatError(source, "the file", expected, `${bytes.length}`);
  }
  const data = elements.read(bytes.subarray(headerLength), source);
  const array = new HostArray(data, isFortran ? shape.toReversed() : shape);
  return isFortran ? transposed(array) : array;
}

function readHeader(bytes: Uint8Array, source: string): NpyHeader {
  if (bytes.length < 12 || magic.some((byte, index) => bytes[index] !== byte)) {
    throw new FormatError(source, "the file", "an array saved by numpy (.npy)", "something else");
  }
  const major = bytes[6] ?? 0;
  if (major < 1 || major > 3) throw new FormatError(source, "the version", "1, 2 or 3", `${major}`);
  const start = major === 1 ? 10 : 12;
  const view = new DataView(bytes.buffer, bytes.byteOffset, start);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > longestHeader || start + length > bytes.length) {
    const most = Math.min(longestHeader, bytes.length - start);
    throw new FormatError(source, "the header", `at most ${most} bytes long`, `${length}`);
  }
  const text = new TextDecoder().decode(bytes.subarray(start, start + length)).trim();
  return { ...parseHeader(text, source), headerLength: start + length };
}

/** Python's text of a dict with three keys, in any order: `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }`. */
function parseHeader(text: string, source: string): Omit<NpyHeader, "headerLength"> {
  const field = (name: string, value: string): string => {
    const found = new RegExp(`['"]${name}['"]\\s*:\\s*(${value})\\s*[,}]`).exec(text)?.[1];
    if (found === undefined)
      throw new FormatError(source, `${name} in the header`, "that of one plain array", text.slice(0, 200));
    return found;
  };
  const descr = field("descr", "'[^']{1,40}'|\"[^\"]{1,40}\"").slice(1, -1);
  const isFortran = field("fortran_order", "True|False") === "True";
  const lengths = field("shape", "\\((?:\\s*\\d{1,15}L?\\s*,?)*\\)").match(/\d+/g) ?? [];
  const shape = lengths.map(Number);
  if (shape.length > mostAxes || !Number.isSafeInteger(sizeOf(shape) * 8)) {
    throw new FormatError(source, "the shape", `of at most ${mostAxes} axes and 2^50 elements`, shape.join(", "));
  }
  return { elements: elementsOfNpy(descr, source), isFortran, shape };
}
