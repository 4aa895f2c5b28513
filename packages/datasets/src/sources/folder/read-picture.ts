import { readFileWhole } from "@featuremap/files";

/** Bytes of one picture file; the largest cameras write 200 MB. */
const largestFile = 2 ** 29;

/** A picture's file, whole. @throws {UnavailableError} it cannot be read. @throws {FormatError} it is too large. */
export function readPicture(path: string): Promise<Uint8Array> {
  return readFileWhole(path, { limit: largestFile });
}
