import { readFile, stat } from "node:fs/promises";
import { FormatError, UnavailableError } from "@featuremap/tensor";

/** Bytes: the largest plain picture of the usual number of pixels is smaller. */
const longestFile = 2 ** 29;

/**
 * Reads an image file.
 *
 * @throws {UnavailableError} there is no such file, or it cannot be read.
 * @throws {FormatError} it is no regular file, or too long for an image.
 */
export async function readPictureFile(path: string): Promise<Uint8Array> {
  try {
    // Asked before it is opened: opening a pipe waits for who writes to it.
    const stats = await stat(path);
    if (!stats.isFile()) {
      const found = stats.isDirectory() ? "a folder" : "something else";
      throw new FormatError(path, "the image", "a file", found);
    }
    if (stats.size > longestFile) {
      throw new FormatError(path, "the file", `an image of at most ${longestFile} bytes`, `${stats.size} bytes`);
    }
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new UnavailableError(`There is no image ${path}`, "Name image files, or a dataset: mnist.", { cause });
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UnavailableError(`The image ${path} cannot be read (${reason})`, "Check its permissions.", { cause });
  }
}
