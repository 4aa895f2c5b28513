import { FormatError, InvalidConfigError, isTypedArray } from "@featuremap/tensor";

/** Bytes that are read where they lie, a piece at a time: a file, a `Blob`, or memory. */
export interface ByteSource {
  /** What errors call it. */
  readonly name: string;
  /** Number of bytes. */
  readonly size: number;
  /**
   * Exactly `length` bytes from `offset` on; both lie within `size`.
   *
   * @throws {UnavailableError} they cannot be read, or are no longer there.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Memory as a source; what it reads shares the memory. */
export function bytesInMemory(bytes: Uint8Array, name: string): ByteSource {
  return {
    name,
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}

/** A `Blob` or `File`, as pages get them, as a source: what is not asked for stays on the disk. */
export function bytesOfBlob(blob: Blob, name: string = blob instanceof File ? blob.name : "blob"): ByteSource {
  return {
    name,
    size: blob.size,
    read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
  };
}

/** Bytes that {@link ByteWindow} keeps. */
const windowLength = 2 ** 20;

/** Reads small pieces in rising order out of larger ones, so that each is not a call to the system. */
export class ByteWindow {
  readonly #source: ByteSource;
  #start = 0;
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** @throws {FormatError} the source ends before. */
  async read(offset: number, length: number, what: string): Promise<Uint8Array> {
    const { name, size } = this.#source;
    if (length > size - offset) {
      throw new FormatError(
        name,
        what,
        `${length} bytes long`,
        `the file's end ${Math.max(0, size - offset)} bytes on`,
      );
    }
    if (offset < this.#start || offset + length > this.#start + this.#bytes.length) {
      this.#start = offset;
      this.#bytes = await this.#source.read(offset, Math.min(size - offset, Math.max(length, windowLength)));
    }
    return this.#bytes.subarray(offset - this.#start, offset - this.#start + length);
  }
}

/** @throws {FormatError} the source is longer than may be held in memory at once. */
export async function readWhole(source: ByteSource, limit: number): Promise<Uint8Array> {
  if (source.size > limit) throw new FormatError(source.name, "the file", `at most ${limit} bytes`, `${source.size}`);
  return source.read(0, source.size);
}

/** @throws {InvalidConfigError} they are not bytes. */
export function requireBytes(owner: string, bytes: unknown): asserts bytes is Uint8Array {
  if (!isTypedArray(bytes, "Uint8Array")) throw new InvalidConfigError(owner, "bytes", "a Uint8Array", bytes);
}
