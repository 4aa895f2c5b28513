import { FormatError } from "@featuremap/tensor";
import { type ByteSource, ByteWindow } from "../bytes/byte-source.ts";
import { crc32c } from "../bytes/crc.ts";

/** Where a record's data lies in a tfrecord file. */
export interface TfRecord {
  readonly offset: number;
  readonly length: number;
}

const headerLength = 12;
const footerLength = 4;

/**
 * Finds the records of a tfrecord file: for each its length, that length's checksum, the data and their checksum.
 *
 * Reads the lengths alone, and checks them; {@link readTfRecord} checks the data.
 *
 * Source: TensorFlow, `tensorflow/core/lib/io/record_writer.h`.
 *
 * @throws {FormatError} it is not such a file, or is cut or damaged.
 */
export async function* tfRecords(source: ByteSource): AsyncGenerator<TfRecord, void, undefined> {
  const window = new ByteWindow(source);
  for (let at = 0, index = 0; at < source.size; index++) {
    const header = await window.read(at, headerLength, `the header of record ${index}`);
    const view = new DataView(header.buffer, header.byteOffset, headerLength);
    if (view.getUint32(8, true) !== masked(header.subarray(0, 8))) {
      throw new FormatError(source.name, `the length of record ${index}`, "one with its checksum", beginningOf(header));
    }
    const length = Number(view.getBigUint64(0, true));
    const offset = at + headerLength;
    if (length > source.size - offset - footerLength) {
      throw new FormatError(source.name, `record ${index}`, `${length} bytes long`, "the file's end before them");
    }
    yield { offset, length };
    at = offset + length + footerLength;
  }
}

/** What TensorFlow's compressions make of a file. */
function beginningOf(header: Uint8Array): string {
  const [first = 0, second = 0] = header;
  if (first === 0x1f && second === 0x8b) return "a packed file: unpack it with gunzip";
  // RFC 1950, 2.2: the method, and two bytes that 31 divides.
  const isZlib = (first & 0xf) === 8 && (first * 256 + second) % 31 === 0;
  return isZlib ? 'a packed file: write it without compression_type="ZLIB"' : "another";
}

/**
 * A record's data.
 *
 * @param limit bytes that it may have
 * @throws {FormatError} it is longer than the limit, or damaged.
 */
export async function readTfRecord(source: ByteSource, record: TfRecord, limit: number): Promise<Uint8Array> {
  const { offset, length } = record;
  const what = `the record at byte ${offset}`;
  if (length > limit) throw new FormatError(source.name, what, `at most ${limit} bytes`, `${length}`);
  const bytes = await source.read(offset, length + footerLength);
  const data = bytes.subarray(0, length);
  const promised = new DataView(bytes.buffer, bytes.byteOffset + length, footerLength).getUint32(0, true);
  if (promised !== masked(data)) throw new FormatError(source.name, what, "data with their checksum", "damaged data");
  return data;
}

/** Turned and moved, as a checksum of data that hold checksums would be weak. */
function masked(bytes: Uint8Array): number {
  const checksum = crc32c(bytes);
  return (((checksum >>> 15) | (checksum << 17)) + 0xa282ead8) >>> 0;
}
