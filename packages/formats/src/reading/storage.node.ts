import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ReadOptions, checkSize, openFile, readFileWhole, reasonOf, throwIfAborted } from "@featuremap/files";
import { InvalidConfigError, UnavailableError } from "@featuremap/tensor";
import { besideAddress, openAddress, readFromAddress } from "./address-reader.ts";
import type { ByteSource } from "./byte-source.ts";
import { type ModelReader, documentName } from "./model-reader.ts";

const protocols: ReadonlySet<string> = new Set(["http:", "https:", "file:"]);

/**
 * Opens a folder, the path of a `model.json`, or an address.
 *
 * @throws {InvalidConfigError} the text starts as an address does, and is not one that can be read.
 * @throws {UnavailableError} nothing is there.
 */
export async function openLocation(location: string | URL): Promise<ModelReader> {
  const address = addressOf(location);
  if (address !== undefined && address.protocol !== "file:") return readFromAddress(address);
  const path = address === undefined ? String(location) : pathOf(address);
  const isFolder = (await inspect(path)).isDirectory();
  const folder = isFolder ? path : dirname(path);
  const document = isFolder ? documentName : basename(path);
  const locate = (file: string): string => join(folder, file === documentName ? document : file);
  return {
    describe: locate,
    read: (file, options) => readFileWhole(locate(file), options),
    open: (file, options) => openSource(locate(file), options),
    hash: () => createHash("sha256"),
  };
}

/**
 * Opens one file: of a path only what is read comes into memory, of an address all of it.
 *
 * @param options without a limit, a file at a path may have any length
 * @throws {InvalidConfigError} the text starts as an address does, and is not one that can be read.
 * @throws {UnavailableError} nothing is there.
 * @throws {FormatError} it is longer than the limit.
 * @throws {AbortedError} the signal was raised.
 */
export async function openSource(location: string | URL, options: ReadOptions): Promise<ByteSource> {
  const address = addressOf(location);
  if (address !== undefined && address.protocol !== "file:") return openAddress(address, options);
  const name = address === undefined ? String(location) : pathOf(address);
  throwIfAborted(name, options.signal);
  const file = await openFile(name);
  try {
    if (options.limit !== undefined) checkSize(name, file.size, options);
  } catch (error) {
    await file.close();
    throw error;
  }
  return { name, ...file };
}

/** Where a file in the same folder is. @throws {InvalidConfigError} the text starts as an address does, and is not one. */
export function besideLocation(location: string | URL, file: string): string | URL {
  const address = addressOf(location);
  return address === undefined ? join(dirname(String(location)), file) : besideAddress(address, file);
}

/** The address that a location is; undefined for a path. */
function addressOf(location: string | URL): URL | undefined {
  // One letter and a colon are a drive of Windows.
  if (typeof location === "string" && !/^[a-z][a-z\d+.-]+:\/\//i.test(location)) return undefined;
  const address = URL.canParse(location) ? new URL(location) : undefined;
  if (address !== undefined && protocols.has(address.protocol)) return address;
  throw noLocation(location);
}

function pathOf(address: URL): string {
  try {
    return fileURLToPath(address);
  } catch {
    throw noLocation(address);
  }
}

function noLocation(location: string | URL): InvalidConfigError {
  const expected = "a path, or an address that starts with http:, https: or file:";
  return new InvalidConfigError("bundle", "location", expected, String(location));
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
