/** A file whose bytes can be read in any order, so that one of several gigabytes need not be in memory as a whole. */
export interface ByteSource {
  /** Path or address, for errors. */
  readonly name: string;
  /** Its length in bytes. */
  readonly size: number;
  /**
   * Bytes `[begin, end)`, which lie in the file.
   *
   * @throws {UnavailableError} it cannot be read, or has become shorter.
   */
  read(begin: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Lets go of the file. */
  close(): Promise<void>;
}

/** A file that is in memory. */
export function bytesSource(bytes: Uint8Array, name: string): ByteSource {
  return {
    name,
    size: bytes.length,
    // Not `slice`: that of a Node `Buffer` copies nothing.
    read: (begin, end) => Promise.resolve(new Uint8Array(bytes.subarray(begin, end))),
    close: () => Promise.resolve(),
  };
}
