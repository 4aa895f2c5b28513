import { type ReadOptions, checkSize, throwIfAborted, isBlob } from "@featuremap/files";
import { InvalidConfigError, isTypedArray } from "@featuremap/tensor";
import { openSource } from "#storage";
import { type ByteSource, blobSource, bytesSource } from "./byte-source.ts";

/** Where a single file is: a path in Node, an http(s) address, in a page also a relative one; or the file itself. */
export type FileLocation = string | URL | Uint8Array | Blob;

/**
 * Opens one file of a model. Whoever opens it closes it.
 *
 * @param owner who reads, for the error
 * @throws {InvalidConfigError} the location is not a path, an address that can be read, bytes or a Blob.
 * @throws {UnavailableError} the file is absent or cannot be reached.
 * @throws {FormatError} it is longer than the limit.
 * @throws {AbortedError} the signal was raised.
 */
export async function openBytes(owner: string, location: FileLocation, options: ReadOptions = {}): Promise<ByteSource> {
  if (isTypedArray(location, "Uint8Array")) {
    checkSize("the bytes given", location.length, options);
    throwIfAborted("the bytes given", options.signal);
    return bytesSource(location, "the bytes given");
  }
  if (isBlob(location)) {
    const source = blobSource(location);
    checkSize(source.name, source.size, options);
    throwIfAborted(source.name, options.signal);
    return source;
  }
  if (typeof location === "string" || location instanceof URL) return openSource(location, options);
  throw new InvalidConfigError(owner, "location", "a path, an address, bytes or a Blob", location);
}
