import { throwIfAborted } from "@featuremap/files";
import { FeaturemapError, FormatError, describeValue } from "@featuremap/tensor";
import type { Entry, FileEntry } from "@zip.js/zip.js/lib/zip-core-native.js";
import { type ByteSource, bytesSource } from "../reading/byte-source.ts";
import { readerOf } from "./byte-source-reader.ts";

/** What an archive may ask for, and who stops reading. */
export interface OpenZipOptions {
  /** Files in it. Default: 100,000. */
  readonly entries?: number | undefined;
  /** Bytes of one file, unpacked. Default: 2 GiB less one. */
  readonly bytes?: number | undefined;
  /** What the caller's users call `bytes`, for the error. Default: `bytes`. */
  readonly limitName?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A file in an archive. */
export interface ZipEntry {
  /** Its path in the archive, which stays inside it. */
  readonly name: string;
  /** Bytes once unpacked. */
  readonly size: number;
  /** Whether it is packed, and so in memory as a whole while it is open. */
  readonly isPacked: boolean;
  /**
   * All of its bytes, of which number and CRC-32 were checked.
   *
   * @throws {FormatError} it is damaged.
   * @throws {UnavailableError} the archive cannot be read.
   * @throws {AbortedError} the signal was raised.
   */
  read(): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * The file to be read in parts: one that is stored as it is stays where it is, once its CRC-32 was checked; one that is packed
   * comes into memory whole. Lasts as long as the archive is open.
   *
   * @throws as {@link read}.
   */
  open(): Promise<ByteSource>;
}

/** A zip archive's files by name, in the order of its directory, without its folders. */
export interface ZipArchive {
  readonly entries: ReadonlyMap<string, ZipEntry>;
}

/** Bytes of a directory; 100,000 files with names of 100 characters take 15 MB. */
const longestDirectory = 2 ** 26;
/** Deflate makes no byte more than this many. */
const longestRatio = 1032;
const localHeader = 30;

/**
 * Reads the directory of a zip archive, zip64 too; the files themselves only when they are asked for.
 *
 * Strict: whatever two programs could read differently is refused: names that stand twice, bytes before or after the archive,
 * headers that disagree; so are files that overlap, names that lead out of the archive, encrypted files, and other packing than deflate.
 *
 * @param source what to read; whoever opened it closes it
 * @throws {FormatError} it is not such an archive, is damaged, or asks for more than the limits.
 * @throws {UnavailableError} it cannot be read.
 * @throws {AbortedError} the signal was raised.
 */
export async function openZip(source: ByteSource, options: OpenZipOptions = {}): Promise<ZipArchive> {
  const { entries: most = 100_000 } = options;
  const { ZipReader, Reader } = await import("@zip.js/zip.js/lib/zip-core-native.js");
  const reader = new ZipReader(readerOf(Reader, source, longestDirectory, options.signal), {
    strictness: "strict",
    useWebWorkers: false,
    checkCrc32: true,
  });
  const found: Entry[] = await guarded(source, "archive", async () => {
    const list: Entry[] = [];
    for await (const entry of reader.getEntriesGenerator()) {
      if (list.push(entry) > most) throw new FormatError(source.name, "archive", `of at most ${most} files`, "more");
    }
    return list;
  });
  refuseOverlaps(found, source.name);
  const entries = new Map<string, ZipEntry>();
  for (const entry of found) {
    if (!entry.directory) entries.set(entry.filename, zipEntry(entry, source, options));
  }
  return { entries };
}

function zipEntry(entry: FileEntry, source: ByteSource, options: OpenZipOptions): ZipEntry {
  const { filename: name, uncompressedSize: size, compressionMethod: method } = entry;
  const what = `file ${describeValue(name)}`;
  const check = (): void => {
    const { bytes = 2 ** 31 - 1, limitName = "bytes" } = options;
    const fail = (expected: string, received: string): never => {
      throw new FormatError(source.name, what, expected, received);
    };
    throwIfAborted(`${source.name}: ${name}`, options.signal);
    if (entry.encrypted) fail("not encrypted", "an encrypted one");
    if (method !== 0 && method !== 8) fail("stored or deflated", `method ${method}`);
    if (size > bytes) fail(`at most ${bytes} bytes (${limitName})`, `${size}`);
    if (method === 0 && size !== entry.compressedSize)
      fail(`${entry.compressedSize} bytes long, being stored`, `${size}`);
    if (size > (entry.compressedSize + 1) * longestRatio) fail("no longer than deflate can make it", `${size} bytes`);
  };
  const stream = async (take: (chunk: Uint8Array, at: number) => void): Promise<void> => {
    check();
    let length = 0;
    await guarded(source, what, async () => {
      const sink = new WritableStream<Uint8Array>({
        write(chunk) {
          throwIfAborted(`${source.name}: ${name}`, options.signal);
          if (length + chunk.length > size) throw new FormatError(source.name, what, `${size} bytes long`, "more");
          take(chunk, length);
          length += chunk.length;
        },
      });
      await entry.getData(sink);
    });
    if (length !== size) throw new FormatError(source.name, what, `${size} bytes long`, `${length}`);
  };
  const read: ZipEntry["read"] = async () => {
    check();
    const bytes = new Uint8Array(size);
    await stream((chunk, at) => bytes.set(chunk, at));
    return bytes;
  };
  return {
    name,
    size,
    isPacked: method !== 0,
    read,
    async open() {
      const inner = `${source.name}: ${name}`;
      if (method !== 0) return bytesSource(await read(), inner);
      await stream(() => undefined);
      const header = await source.read(entry.offset, entry.offset + localHeader);
      const lengths = new DataView(header.buffer).getUint32(26, true);
      const start = entry.offset + localHeader + (lengths & 0xffff) + (lengths >>> 16);
      return { name: inner, size, read: (begin, end) => source.read(start + begin, start + end), close };
    },
  };
}

const close = (): Promise<void> => Promise.resolve();

/** Overlapping files are how a small archive unpacks to petabytes. */
function refuseOverlaps(entries: readonly Entry[], source: string): void {
  let end = 0;
  for (const entry of entries.toSorted((a, b) => a.offset - b.offset)) {
    if (entry.offset < end) {
      const what = `file ${describeValue(entry.filename)}`;
      throw new FormatError(source, what, `behind the file before it, at byte ${end} or later`, `${entry.offset}`);
    }
    end = entry.offset + localHeader + entry.rawFilename.length + entry.compressedSize;
  }
}

/** The library's errors say nothing of the file; those of reading and of limits stay as they are. */
async function guarded<T>(source: ByteSource, what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    if (cause instanceof FeaturemapError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (reason === "End of central directory not found") {
      throw new FormatError(source.name, what, "whole, with its directory at the end", "no end: it was cut off");
    }
    throw new FormatError(source.name, what, "as a zip archive holds it", reason === "" ? "damage" : reason);
  }
}
