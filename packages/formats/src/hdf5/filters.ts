import { FormatError } from "@featuremap/tensor";
import type { Fields } from "./hdf5-bytes.ts";

/** How the bytes of a chunk were packed. */
export interface Filter {
  readonly kind: "deflate" | "shuffle" | "checksum";
  /** Bytes of an element, for `shuffle`. */
  readonly size: number;
}

const kinds: ReadonlyMap<number, Filter["kind"]> = new Map([
  [1, "deflate"],
  [2, "shuffle"],
  [3, "checksum"],
]);

/** @throws {FormatError} a filter is not known, or the message is damaged. Source: "Filter Pipeline Message". */
export function readFilters(fields: Fields): readonly Filter[] {
  const version = fields.number(1);
  const count = fields.number(1);
  if (version === 1) fields.skip(6);
  else if (version !== 2) throw fields.refusal("packed as version 1 or 2 has it", `version ${version}`);
  return Array.from({ length: count }, () => {
    const id = fields.number(2);
    const nameLength = version === 1 || id >= 256 ? fields.number(2) : 0;
    fields.skip(2);
    const valueCount = fields.number(2);
    fields.skip(version === 1 ? 8 * Math.ceil(nameLength / 8) : nameLength);
    const values = Array.from({ length: valueCount }, () => fields.number(4));
    if (version === 1 && valueCount % 2 === 1) fields.skip(4);
    const kind = kinds.get(id);
    if (kind === undefined) throw fields.refusal("packed by gzip and shuffle only", `filter ${id}`);
    return { kind, size: values[0] ?? 1 };
  });
}

/**
 * A chunk as it was before it was packed.
 *
 * @param skipped a bit for each filter that this chunk did without
 * @param size bytes that it has then
 * @throws {FormatError} it is damaged, or has another length.
 */
export async function unpack(
  packed: Uint8Array<ArrayBuffer>,
  filters: readonly Filter[],
  skipped: number,
  size: number,
  source: string,
  what: string,
): Promise<Uint8Array<ArrayBuffer>> {
  let bytes = packed;
  for (const [index, filter] of [...filters.entries()].toReversed()) {
    if (((skipped >> index) & 1) !== 0) continue;
    if (filter.kind === "deflate") bytes = await inflate(bytes, size + 4, source, what);
    else if (filter.kind === "shuffle") bytes = unshuffle(bytes, filter.size);
    else bytes = checked(bytes, source, what);
  }
  if (bytes.length !== size) throw new FormatError(source, what, `chunks of ${size} bytes`, `one of ${bytes.length}`);
  return bytes;
}

/** What stands before a checksum. @throws {FormatError} it is not the checksum of that. */
function checked(bytes: Uint8Array<ArrayBuffer>, source: string, what: string): Uint8Array<ArrayBuffer> {
  const size = bytes.length - 4;
  if (size < 0) throw new FormatError(source, what, "chunks with checksums", `one of ${bytes.length} bytes`);
  const expected = new DataView(bytes.buffer, bytes.byteOffset + size).getUint32(0, true);
  const content = bytes.subarray(0, size);
  if (fletcher32(content) === expected) return content;
  throw new FormatError(source, what, "chunks that their checksums fit", "a damaged one");
}

/** Of words of two bytes, the first being the larger half. Source: HDF5's `H5_checksum_fletcher32`. */
function fletcher32(bytes: Uint8Array): number {
  let [sum, sums] = [0, 0];
  for (let at = 0; at < bytes.length; at += 2) {
    sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    sum = (sum & 0xffff) + (sum >>> 16);
    sums += sum;
    sums = (sums & 0xffff) + (sums >>> 16);
  }
  return ((sums << 16) | sum) >>> 0;
}

async function inflate(
  packed: Uint8Array<ArrayBuffer>,
  most: number,
  source: string,
  what: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(most);
  let length = 0;
  const { readable, writable } = new DecompressionStream("deflate");
  // Not from a Blob: that of jsdom has no stream. What fails here, fails for the reader too.
  new Response(packed).body?.pipeTo(writable).catch(() => undefined);
  const reader = readable.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (length + part.value.length > most) throw new Error("more than its chunk");
      bytes.set(part.value, length);
      length += part.value.length;
    }
  } catch (cause) {
    await reader.cancel().catch(() => undefined);
    throw new FormatError(source, what, "packed by gzip", cause instanceof Error ? cause.message : "damage");
  }
  return bytes.subarray(0, length);
}

/** First bytes of all elements, then second ones and so on, set side by side again. */
function unshuffle(bytes: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
  const count = Math.floor(bytes.length / Math.max(1, size));
  if (size <= 1 || count === 0) return bytes;
  const result = bytes.slice();
  for (let byte = 0; byte < size; byte++) {
    for (let index = 0; index < count; index++) result[index * size + byte] = bytes[byte * count + index] ?? 0;
  }
  return result;
}
