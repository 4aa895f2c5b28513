import { FormatError } from "@featuremap/tensor";

/**
 * The text of a file, without a byte order mark.
 *
 * @param source the file's name, for the error
 * @throws {FormatError} it is not UTF-8: letters of other encodings would come out as one and the same mark.
 */
export function decodeText(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const expected = "UTF-8 (convert it, for example with iconv -f LATIN1 -t UTF-8)";
    throw new FormatError(source, "its text", expected, "other bytes");
  }
}
