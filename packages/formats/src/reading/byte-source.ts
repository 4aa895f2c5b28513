import { UnavailableError } from "@featuremap/tensor";

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

/** A file that a page was given, of which only what is read comes into memory. */
export function blobSource(blob: Blob, name: string = nameOfBlob(blob)): ByteSource {
  return {
    name,
    size: blob.size,
    async read(begin, end) {
      try {
        return new Uint8Array(await blob.slice(begin, end).arrayBuffer());
      } catch (cause) {
        throw unreadable(name, cause);
      }
    },
    close: () => Promise.resolve(),
  };
}

function nameOfBlob(blob: Blob): string {
  return "name" in blob && typeof blob.name === "string" ? blob.name : "the Blob given";
}

/** The error of a file that a page was given and cannot read. */
export function unreadable(name: string, cause: unknown): UnavailableError {
  const remedy = "The file may have changed or been removed; choose it again.";
  return new UnavailableError(`Cannot read ${name}`, remedy, { cause });
}
