import { constants, open, stat } from "node:fs/promises";
import { reasonOf } from "@featuremap/files";
import { FeaturemapError, UnavailableError } from "@featuremap/tensor";
import type { ByteSource } from "./byte-source.ts";

/**
 * A regular file as a source. It is open only while it is read, so nobody has to close it.
 *
 * @throws {UnavailableError} it is absent, no regular file, or the system refuses.
 */
export async function openFile(path: string): Promise<ByteSource> {
  const found = await attempt(path, () => stat(path));
  if (!found.isFile()) {
    throw new UnavailableError(
      `Cannot read ${path}: it is ${found.isDirectory() ? "a folder" : "no regular file"}`,
      "Name a file.",
    );
  }
  return {
    name: path,
    size: found.size,
    read: (offset, length) => attempt(path, () => readPart(path, offset, length)),
  };
}

async function readPart(path: string, offset: number, length: number): Promise<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const bytes = new Uint8Array(length);
    let loaded = 0;
    while (loaded < length) {
      const { bytesRead } = await file.read(bytes, loaded, length - loaded, offset + loaded);
      if (bytesRead === 0) throw new Error("it became shorter while it was read");
      loaded += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}

async function attempt<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof FeaturemapError) throw cause;
    throw new UnavailableError(`Cannot read ${path}: ${reasonOf(cause)}`, "Check the path.", { cause });
  }
}
