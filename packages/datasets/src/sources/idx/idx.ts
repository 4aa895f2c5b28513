import {
  type FixedShape,
  FormatError,
  HostArray,
  InvalidConfigError,
  formatShape,
  sizeOf,
  isTypedArray,
} from "@featuremap/tensor";

/** Element types of the IDX format by their code: the third byte of a file. */
const elementTypes: Readonly<Record<number, string>> = {
  0x08: "unsigned bytes",
  0x09: "signed bytes",
  0x0b: "16-bit integers",
  0x0c: "32-bit integers",
  0x0d: "32-bit floats",
  0x0e: "64-bit floats",
};

const unsignedByte = 0x08;

/**
 * Reads an IDX file: the format of the MNIST files, a header and then the elements, row by row.
 *
 * Bytes 0 and 1 are zero, byte 2 is the element type, byte 3 the rank, then one big-endian 32-bit length an axis.
 * Only unsigned bytes are read: every published image and label file holds them.
 * The result shares the file's bytes.
 *
 * Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits", "The IDX file format".
 *
 * @param bytes the whole file, not compressed
 * @param source the file's name, for the error
 * @throws {FormatError} it is not IDX, holds other elements, or is shorter or longer than its header says.
 */
export function parseIdx(bytes: Uint8Array, source: string): HostArray<Uint8Array> {
  if (!isTypedArray(bytes, "Uint8Array")) throw new InvalidConfigError("parseIdx", "bytes", "a Uint8Array", bytes);
  const { shape, headerLength, length } = readIdxHeader(bytes, source);
  if (bytes.length !== length) {
    throw new FormatError(source, "the file", `${length} bytes long for ${formatShape(shape)}`, `${bytes.length}`);
  }
  return new HostArray(bytes.subarray(headerLength), shape);
}

/** Bytes that hold the header of any IDX file. */
export const longestIdxHeader: number = 4 + 4 * 255;

/** What an IDX file says of itself. */
export interface IdxHeader {
  readonly shape: FixedShape;
  readonly headerLength: number;
  /** Bytes of the whole file. */
  readonly length: number;
}

/**
 * Reads the header alone.
 *
 * @param bytes the file's beginning
 * @throws {FormatError} it is not IDX, or holds other elements than unsigned bytes.
 */
export function readIdxHeader(bytes: Uint8Array, source: string): IdxHeader {
  const [first, second, elementType, rank] = bytes;
  if (first === undefined || second === undefined || elementType === undefined || rank === undefined) {
    throw new FormatError(source, "an IDX file", "at least 4 bytes long", `${bytes.length}`);
  }
  if (first === 0x1f && second === 0x8b) {
    throw new FormatError(source, "an IDX file", "unpacked before it is parsed", "a gzip file");
  }
  const elements = elementTypes[elementType];
  if (first !== 0 || second !== 0 || elements === undefined) {
    throw new FormatError(
      source,
      "the magic number",
      "that of IDX, such as 0x00000803",
      hexadecimal(bytes.subarray(0, 4)),
    );
  }
  if (elementType !== unsignedByte) {
    throw new FormatError(source, "the elements", "unsigned bytes (type 0x08)", elements);
  }
  if (rank === 0) throw new FormatError(source, "the rank", "at least 1", "0");
  const headerLength = 4 + 4 * rank;
  if (bytes.length < headerLength) {
    throw new FormatError(source, "the header", `${headerLength} bytes for rank ${rank}`, `${bytes.length}`);
  }
  const header = new DataView(bytes.buffer, bytes.byteOffset, headerLength);
  const shape = Array.from({ length: rank }, (_, axis) => header.getUint32(4 + 4 * axis));
  return { shape, headerLength, length: headerLength + sizeOf(shape) };
}

function hexadecimal(bytes: Uint8Array): string {
  return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
