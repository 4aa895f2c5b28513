import { throwIfAborted } from "@featuremap/files";
import { FormatError } from "@featuremap/tensor";
import type { Reader } from "@zip.js/zip.js/lib/zip-core-native.js";
import type { ByteSource } from "../reading/byte-source.ts";

/**
 * A file as the library reads one.
 *
 * @param Base the library's class, which is loaded when an archive is opened
 * @param longest bytes that it may read at once: its directory, as the files come in small pieces
 */
export function readerOf(
  Base: typeof Reader,
  source: ByteSource,
  longest: number,
  signal: AbortSignal | undefined,
): Reader<ByteSource> {
  class SourceReader extends Base<ByteSource> {
    override size = source.size;

    override readUint8Array(index: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
      throwIfAborted(source.name, signal);
      const end = Math.min(source.size, index + length);
      if (index < 0 || !(index <= end)) {
        return Promise.reject(
          new FormatError(source.name, "archive", `whole in ${source.size} bytes`, "a place beyond"),
        );
      }
      if (end - index > longest) {
        return Promise.reject(
          new FormatError(source.name, "directory", `of at most ${longest} bytes`, `${end - index}`),
        );
      }
      return source.read(index, end);
    }
  }
  return new SourceReader(source);
}
