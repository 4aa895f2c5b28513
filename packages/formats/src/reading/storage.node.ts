import { createHash } from "node:crypto";
import { realpath, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { type ReadOptions, checkSize, openFile, readFileWhole, reasonOf, throwIfAborted } from "@featuremap/files";
import { FormatError, InvalidConfigError, UnavailableError, describeValue } from "@featuremap/tensor";
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
  const check = async (file: string): Promise<string> => {
    const place = locate(file);
    if (file !== documentName) await refuseLinkOut(locate(documentName), place);
    return place;
  };
  return {
    describe: locate,
    read: async (file, options) => readFileWhole(await check(file), options),
    open: async (file, options) => openSource(await check(file), options),
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

/**
 * Where a file in the same folder is.
 *
 * @throws {InvalidConfigError} the text starts as an address does, and is not one.
 * @throws {FormatError} it is a link that leads out of the folder.
 */
export async function besideLocation(location: string | URL, file: string): Promise<string | URL> {
  const address = addressOf(location);
  const place = address === undefined ? join(dirname(String(location)), file) : besideAddress(address, file);
  if (address === undefined) await refuseLinkOut(String(location), String(place));
  else if (address.protocol === "file:" && place instanceof URL) await refuseLinkOut(pathOf(address), pathOf(place));
  return place;
}

/**
 * Whoever made a model would choose with it which files of the reader's are read.
 *
 * @param document the model's own file: where that is a link, as in a cache, files may lie beside what it leads to
 */
async function refuseLinkOut(document: string, file: string): Promise<void> {
  const real = await resolved(file);
  if (real === undefined) return;
  const folders = [await resolved(dirname(document)), dirname((await resolved(document)) ?? document)];
  const isInside = folders.some((folder) => {
    const path = relative(folder ?? "", real);
    return folder !== undefined && path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
  });
  if (isInside) return;
  throw new FormatError(
    document,
    `file ${describeValue(basename(file))}`,
    "in the folder of the model",
    "a link out of it",
  );
}

/** Without links; undefined where nothing is, of which opening it tells. */
async function resolved(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined);
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
