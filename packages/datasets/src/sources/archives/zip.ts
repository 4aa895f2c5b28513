import { inflate } from "#inflate";
import { FormatError } from "@featuremap/tensor";
import { type ByteSource, ByteWindow } from "../bytes/byte-source.ts";
import { crc32 } from "../bytes/crc.ts";
import { requireInnerName } from "./inner-name.ts";
import { zipFileName } from "./zip-file-name.ts";

/** A file in a zip archive. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes once unpacked. */
  readonly size: number;
  readonly packedSize: number;
  readonly isPacked: boolean;
  readonly checksum: number;
  /** Where its own header lies. */
  readonly offset: number;
}

/** Bytes of what stands at an archive's end, with the longest comment and the locator of zip64. */
const longestEnd = 22 + 0xffff + 20;
const signatures = { end: 0x06054b50, end64: 0x06064b50, locator64: 0x07064b50, entry: 0x02014b50, file: 0x04034b50 };
const escaped = 0xffffffff;
/** Bytes of a directory; a million files with names of 100 characters take 150 MB. */
const longestDirectory = 2 ** 28;

/**
 * The files of a zip archive, in the order of its directory, which alone is read; zip64 too.
 *
 * Source: PKWARE, "APPNOTE.TXT - .ZIP File Format Specification", 6.3.10.
 *
 * @throws {FormatError} it is not a zip archive, is cut or damaged, or holds encrypted files, links, names that lead out of it
 *   or kinds of packing other than deflate.
 */
export async function zipEntries(source: ByteSource): Promise<ZipEntry[]> {
  const { name } = source;
  const { offset, length, count } = await findDirectory(source);
  if (length > longestDirectory)
    throw new FormatError(name, "the directory", `at most ${longestDirectory} bytes`, `${length}`);
  if (length > source.size - offset)
    throw new FormatError(name, "the directory", "inside the file", "its end before it");
  const directory = view(await source.read(offset, length));
  const entries: ZipEntry[] = [];
  for (let at = 0; at < length;) {
    if (length - at < 46 || directory.getUint32(at, true) !== signatures.entry) {
      throw new FormatError(name, `entry ${entries.length} of the directory`, "an entry's header", "something else");
    }
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => directory.getUint16(at + field, true));
    const end = at + 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0);
    if (end > length) throw new FormatError(name, "the directory", "whole", "one that is cut off");
    const entry = readEntry(directory, at, name);
    if (entry !== undefined) entries.push(entry);
    at = end;
    if (entries.length > count) break;
  }
  if (entries.length > count)
    throw new FormatError(name, "the directory", `of ${count} files, as its end says`, "more");
  return entries;
}

/**
 * A file's bytes, checked.
 *
 * @param limit bytes that it may have
 * @throws {FormatError} it is longer than the limit or than it says, or damaged.
 */
export async function readZipEntry(source: ByteSource, entry: ZipEntry, limit: number): Promise<Uint8Array> {
  const name = `${source.name}: ${entry.name}`;
  if (entry.size > limit) throw new FormatError(name, "the unpacked file", `at most ${limit} bytes`, `${entry.size}`);
  // Deflate never makes a file much longer; more only serves to keep a reader busy.
  if (entry.packedSize > 1.25 * entry.size + 1024) {
    throw new FormatError(name, "the packed file", "no longer than the unpacked one", `${entry.packedSize}`);
  }
  if (entry.offset + 30 > source.size)
    throw new FormatError(name, "its header", "inside the archive", "beyond its end");
  const header = view(await source.read(entry.offset, 30));
  if (header.getUint32(0, true) !== signatures.file)
    throw new FormatError(name, "its header", "that of a file", "another");
  const start = entry.offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  if (entry.packedSize > source.size - start)
    throw new FormatError(name, "its bytes", "inside the archive", "beyond its end");
  const packed = await source.read(start, entry.packedSize);
  const bytes = entry.isPacked ? await inflate(packed, entry.size, name) : packed;
  const found = crc32(bytes);
  if (found !== entry.checksum) {
    throw new FormatError(name, "its CRC-32", entry.checksum.toString(16), found.toString(16));
  }
  return bytes;
}

async function findDirectory(source: ByteSource): Promise<{ offset: number; length: number; count: number }> {
  const start = Math.max(0, source.size - longestEnd);
  const tail = view(await source.read(start, source.size - start));
  for (let at = tail.byteLength - 22; at >= 0; at--) {
    // The comment must reach exactly to the end: the same four bytes may stand in a comment.
    if (tail.getUint32(at, true) !== signatures.end) continue;
    if (at + 22 + tail.getUint16(at + 20, true) !== tail.byteLength) continue;
    const found = {
      count: tail.getUint16(at + 10, true),
      length: tail.getUint32(at + 12, true),
      offset: tail.getUint32(at + 16, true),
    };
    const isLarge = at >= 20 && tail.getUint32(at - 20, true) === signatures.locator64;
    return isLarge ? findDirectory64(source, whole(tail, at - 20 + 8, source.name)) : found;
  }
  throw new FormatError(source.name, "the file", "a zip archive with its directory at the end", "none");
}

async function findDirectory64(
  source: ByteSource,
  at: number,
): Promise<{ offset: number; length: number; count: number }> {
  const end = view(await new ByteWindow(source).read(at, 56, "the end of the directory"));
  if (end.getUint32(0, true) !== signatures.end64) {
    throw new FormatError(source.name, "the end of the directory", "that of zip64", "another");
  }
  const [count = 0, length = 0, offset = 0] = [32, 40, 48].map((field) => whole(end, field, source.name));
  return { count, length, offset };
}

/** Undefined for a folder. */
function readEntry(directory: DataView, at: number, source: string): ZipEntry | undefined {
  const flags = directory.getUint16(at + 8, true);
  const method = directory.getUint16(at + 10, true);
  const nameLength = directory.getUint16(at + 28, true);
  const field = (from: number, length: number): Uint8Array =>
    new Uint8Array(directory.buffer, directory.byteOffset + from, length);
  const name = zipFileName(field(at + 46, nameLength), (flags & 0x800) !== 0);
  if (name.endsWith("/")) return undefined;
  const inner = requireInnerName(name, source);
  const refuse = (expected: string, found: string): never => {
    throw new FormatError(source, `the entry ${inner}`, expected, found);
  };
  // The upper half holds Unix modes where the writer ran on Unix (3) or macOS (19).
  const isUnix = [3, 19].includes(directory.getUint8(at + 5));
  if (isUnix && ((directory.getUint16(at + 40, true) >> 12) & 0xf) === 0xa) refuse("a file", "a symbolic link");
  if ((flags & 1) !== 0) refuse("not encrypted", "an encrypted file");
  if (method !== 0 && method !== 8) refuse("stored or deflated", `method ${method}`);
  const large = zip64Fields(directory, at + 46 + nameLength, directory.getUint16(at + 30, true));
  const wide = (from: number): number => {
    const value = directory.getUint32(at + from, true);
    if (value !== escaped) return value;
    const next = large.shift();
    return next === undefined ? value : whole(next, 0, source);
  };
  const [size, packedSize, offset] = [wide(24), wide(20), wide(42)];
  if (method === 0 && size !== packedSize) refuse(`${size} bytes long, being stored`, `${packedSize}`);
  return {
    name: inner,
    size,
    packedSize,
    offset,
    isPacked: method === 8,
    checksum: directory.getUint32(at + 16, true),
  };
}

/** The 64-bit numbers that stand in for those of 32 bits, in their order. */
function zip64Fields(directory: DataView, start: number, length: number): DataView[] {
  for (let at = start; at + 4 <= start + length;) {
    const [kind, size] = [directory.getUint16(at, true), directory.getUint16(at + 2, true)];
    if (at + 4 + size > start + length) return [];
    if (kind === 1) {
      const field = (index: number): DataView =>
        new DataView(directory.buffer, directory.byteOffset + at + 4 + 8 * index, 8);
      return Array.from({ length: Math.floor(size / 8) }, (_, index) => field(index));
    }
    at += 4 + size;
  }
  return [];
}

function whole(bytes: DataView, at: number, source: string): number {
  const value = Number(bytes.getBigUint64(at, true));
  if (Number.isSafeInteger(value)) return value;
  throw new FormatError(source, "a length or a place in it", "below 2^53", `${value}`);
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
