import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { UnavailableError } from "@featuremap/tensor";
import { type BundleReader, throwIfAborted } from "./bundle-reader.ts";
import { readFromAddress } from "./fetch-reader.ts";
import { documentName } from "./model-document.ts";
import { reasonOf } from "./system-error.ts";

export { writeFolder } from "./write-folder.ts";

/**
 * Opens a folder, the path of a `model.json`, or an address.
 *
 * @throws {UnavailableError} nothing is there.
 */
export async function openLocation(location: string | URL): Promise<BundleReader> {
  const address = location instanceof URL || /^(https?|file):\/\//i.test(location) ? new URL(location) : undefined;
  if (address !== undefined && address.protocol !== "file:") return readFromAddress(address);
  const path = address === undefined ? String(location) : fileURLToPath(address);
  const isFolder = (await inspect(path)).isDirectory();
  const folder = isFolder ? path : dirname(path);
  const document = isFolder ? documentName : basename(path);
  const locate = (file: string): string => join(folder, file === documentName ? document : file);
  return {
    describe: locate,
    async read(file, { signal, onProgress }) {
      throwIfAborted(signal);
      const bytes = await readWhole(locate(file), signal);
      onProgress?.(bytes.length, bytes.length);
      return bytes;
    },
  };
}

async function inspect(path: string): ReturnType<typeof stat> {
  try {
    return await stat(path);
  } catch (cause) {
    throw new UnavailableError(`There is no bundle at ${path}: ${reasonOf(cause)}`, "Name the folder of a model.", {
      cause,
    });
  }
}

async function readWhole(path: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  try {
    return await readFile(path, { signal });
  } catch (cause) {
    throwIfAborted(signal);
    throw new UnavailableError(`Cannot read ${path}: ${reasonOf(cause)}`, "A bundle is a folder with all its files.", {
      cause,
    });
  }
}
