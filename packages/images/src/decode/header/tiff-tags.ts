import { ByteReader } from "./byte-reader.ts";

/** Entries of a folder of tags; more than any file has. */
const mostTags = 1000;

/** Bytes of a value of each type that holds a whole number. */
const lengths: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4 };

/** The first folder of tags of a TIFF: whole numbers by tag, their first value only. */
export interface TiffTags {
  readonly numbers: ReadonlyMap<number, number>;
  /** Whether another folder, that is another page, follows. */
  readonly hasMore: boolean;
}

/**
 * Reads the tags of a TIFF, or of an EXIF, which is one without a picture.
 *
 * @param bytes from its byte order mark on
 * @returns undefined for a BigTIFF, and where the bytes at hand do not hold the tags
 * Source: TIFF 6.0, section 2.
 */
export function readTiffTags(bytes: Uint8Array): TiffTags | undefined {
  const order = String.fromCharCode(bytes[0] ?? 0, bytes[1] ?? 0);
  if (order !== "II" && order !== "MM") return undefined;
  const reader = new ByteReader(bytes, order === "II");
  if (reader.unsigned(2, 2) !== 42) return undefined;
  const start = reader.unsigned(4, 4);
  const count = reader.unsigned(start, 2);
  if (reader.hasOverrun || count > mostTags) return undefined;
  const numbers = new Map<number, number>();
  for (let index = 0; index < count; index++) {
    const at = start + 2 + index * 12;
    const length = lengths[reader.unsigned(at + 2, 2)];
    if (length === undefined) continue;
    const values = reader.unsigned(at + 4, 4);
    const valueAt = values * length <= 4 ? at + 8 : reader.unsigned(at + 8, 4);
    const value = reader.unsigned(valueAt, length);
    if (reader.hasOverrun) return undefined;
    numbers.set(reader.unsigned(at, 2), value);
  }
  const next = reader.unsigned(start + 2 + count * 12, 4);
  return { numbers, hasMore: !reader.hasOverrun && next !== 0 };
}
