import { createGunzip } from "node:zlib";
import { FormatError } from "@featuremap/tensor";
import { longestIdxHeader, readIdxHeader } from "./idx.ts";

/**
 * Unpacks a gzipped IDX file: its header first, then as many bytes as that promises, and no more.
 *
 * @param limit bytes that the file may unpack to
 * @throws {FormatError} it is not gzip or not IDX, promises more than `limit`, or holds more or less than it promises.
 */
export async function gunzipIdx(packed: Uint8Array, source: string, limit: number): Promise<Uint8Array> {
  const unpacking = createGunzip();
  unpacking.end(packed);
  try {
    let start: Uint8Array = new Uint8Array(0);
    let file: Uint8Array | undefined;
    let length = 0;
    for await (const chunk of unpacking as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (file === undefined) {
        start = Buffer.concat([start, chunk]);
        if (length < longestIdxHeader) continue;
        file = startFile(start, source, limit);
      } else if (length <= file.length) file.set(chunk, length - chunk.length);
      if (length > file.length) throw otherLength(source, file.length, "more");
    }
    file ??= startFile(start, source, limit);
    if (length !== file.length) throw otherLength(source, file.length, `${length}`);
    return file;
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FormatError(source, "the file", "a whole gzip file", reason);
  } finally {
    unpacking.destroy();
  }
}

/** Room for the file that a beginning promises, with that beginning in it as far as it belongs there. */
function startFile(start: Uint8Array, source: string, limit: number): Uint8Array {
  const { length } = readIdxHeader(start, source);
  if (length > limit) {
    throw new FormatError(source, "the unpacked file", `at most ${limit} bytes long (limits.bytes)`, `${length}`);
  }
  const file = new Uint8Array(length);
  file.set(start.subarray(0, length));
  return file;
}

function otherLength(source: string, expected: number, found: string): FormatError {
  return new FormatError(source, "the unpacked file", `${expected} bytes long, as its header says`, found);
}
