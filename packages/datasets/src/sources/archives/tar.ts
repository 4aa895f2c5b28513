import { FormatError } from "@featuremap/tensor";
import { type ByteSource, ByteWindow } from "../bytes/byte-source.ts";
import { requireInnerName } from "./inner-name.ts";

/** A regular file in an archive, and where its bytes lie. */
export interface TarEntry {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

const block = 512;
/** Bytes of a long name or of a pax header; the longest path that systems take is 4096. */
const longestExtension = 2 ** 16;
/** Entries of one archive; a million files are 500 MB of headers alone. */
const mostEntries = 5_000_000;

/**
 * The regular files of a tar archive, in order: ustar, GNU's long names, and pax headers.
 *
 * Only headers are read. Folders are passed over. Of the two empty blocks at the end one is enough; without any, nobody
 * knows how many files are missing.
 *
 * Source: POSIX.1-2017, `pax`, "ustar Interchange Format" and "pax Header Block"; GNU tar manual, "Basic Tar Format".
 *
 * @throws {FormatError} it is not a tar archive, is cut or damaged, or holds links, devices, names that lead out of it or more
 *   than 5,000,000 entries.
 */
export async function* tarEntries(source: ByteSource): AsyncGenerator<TarEntry, void, undefined> {
  const window = new ByteWindow(source);
  let next: { path?: string | undefined; size?: number | undefined } = {};
  let count = 0;
  for (let at = 0; at < source.size;) {
    const header = await window.read(at, block, `the header at byte ${at}`);
    if (header.every((byte) => byte === 0)) return;
    checkSum(header, source.name, at);
    if (++count > mostEntries)
      throw new FormatError(source.name, "the archive", `at most ${mostEntries} entries`, "more");
    const size = next.size ?? octal(header, 124, 12, source.name, at);
    const offset = at + block;
    if (size > source.size - offset) {
      throw new FormatError(source.name, `the entry at byte ${at}`, `${size} bytes long`, `the file's end before them`);
    }
    at = offset + Math.ceil(size / block) * block;
    const kind = String.fromCharCode(header[156] ?? 0);
    if (kind === "x" || kind === "g" || kind === "L") {
      if (size > longestExtension) {
        throw new FormatError(source.name, "an extended header", `at most ${longestExtension} bytes`, `${size}`);
      }
      const bytes = await window.read(offset, size, "an extended header");
      if (kind === "L") next.path = text(bytes);
      else if (kind === "x") Object.assign(next, paxRecords(bytes, source.name));
      continue;
    }
    const name = next.path ?? nameOf(header);
    next = {};
    if (kind === "5") continue;
    if (kind !== "0" && kind !== "\0" && kind !== "7") {
      throw new FormatError(source.name, `the entry ${name}`, "a file or a folder", kinds[kind] ?? `of type ${kind}`);
    }
    // As tar programs before POSIX marked folders.
    if (name.endsWith("/")) continue;
    yield { name: requireInnerName(name, source.name), offset, size };
  }
  const found = `its end at byte ${source.size}: it is cut off, or its writer was not closed`;
  throw new FormatError(source.name, "the archive", "one that ends with empty blocks", found);
}

/** Whether a file that begins so may be a tar archive: it has no mark that all of them have, but a checksum in base 8. */
export function looksLikeTar(start: Uint8Array): boolean {
  return start.length >= block && /^[0-7 ]*$/.test(text(start.subarray(148, 156)));
}

const kinds: Readonly<Record<string, string>> = {
  "1": "a hard link",
  "2": "a symbolic link",
  "3": "a device",
  "4": "a device",
  "6": "a pipe",
  K: "a link with a long name",
  S: "a sparse file",
};

function checkSum(header: Uint8Array, source: string, at: number): void {
  const promised = octal(header, 148, 8, source, at);
  let sum = 0;
  for (let index = 0; index < block; index++) sum += index >= 148 && index < 156 ? 32 : (header[index] ?? 0);
  if (sum !== promised) {
    throw new FormatError(
      source,
      `the header at byte ${at}`,
      `that of a tar entry with checksum ${promised}`,
      `${sum}`,
    );
  }
}

/** A number as text in base 8; or, with its first bit set, as a big-endian binary number (GNU). */
function octal(header: Uint8Array, from: number, length: number, source: string, at: number): number {
  const field = header.subarray(from, from + length);
  if (((field[0] ?? 0) & 0x80) !== 0) {
    const value = field.reduce((sum, byte, index) => sum * 256 + (index === 0 ? byte & 0x7f : byte), 0);
    if (Number.isSafeInteger(value)) return value;
  } else {
    const digits = text(field).trim();
    if (/^[0-7]*$/.test(digits)) return Number.parseInt(digits || "0", 8);
  }
  throw new FormatError(source, `a number in the header at byte ${at}`, "octal digits", JSON.stringify(text(field)));
}

function nameOf(header: Uint8Array): string {
  const name = text(header.subarray(0, 100));
  const isUstar = text(header.subarray(257, 262)) === "ustar";
  // GNU's own format has the magic "ustar  " and other things where POSIX has the prefix.
  const prefix = isUstar && header[262] === 0 ? text(header.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Records `length key=value\n`, of which the name and the size matter here. */
function paxRecords(bytes: Uint8Array, source: string): { path?: string; size?: number } {
  const found: { path?: string; size?: number } = {};
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(space < 0 ? Number.NaN : text(bytes.subarray(at, space)));
    const record = bytes.subarray(space + 1, at + length);
    if (!(Number.isInteger(length) && length > 0 && at + length <= bytes.length && record.at(-1) === 0x0a)) {
      throw new FormatError(source, "a pax header", "records of the form `length key=value`", "another form");
    }
    const line = text(record.subarray(0, -1));
    const [key, value] = [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)];
    if (key === "path") found.path = value;
    if (key === "size") {
      const size = Number(value);
      if (!(Number.isSafeInteger(size) && size >= 0))
        throw new FormatError(source, "a pax size", "a number of bytes", value);
      found.size = size;
    }
    at += length;
  }
  return found;
}

const decoder = new TextDecoder();

/** Up to the first zero byte. */
function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
}
