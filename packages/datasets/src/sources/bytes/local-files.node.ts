import { constants, open, readdir, realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { reasonOf } from "@featuremap/files";
import { FeaturemapError, FormatError, InvalidConfigError, UnavailableError } from "@featuremap/tensor";
import type { ByteSource } from "./byte-source.ts";
import { compareCodePoints } from "./compare-code-points.ts";

export { unpackGzip } from "./unpack-gzip.node.ts";

/**
 * A regular file as a source. It is open only while it is read, so nobody has to close it.
 *
 * @throws {UnavailableError} it is absent, no regular file, or the system refuses.
 */
export async function openFile(path: string): Promise<ByteSource> {
  const found = await attempt(path, () => stat(path));
  if (!found.isFile()) {
    throw new UnavailableError(
      `Cannot read ${path}: it is ${found.isDirectory() ? "a folder" : "not a regular file"}`,
      "Name a file.",
    );
  }
  return {
    name: path,
    size: found.size,
    read: (offset, length) => attempt(path, () => readPart(path, offset, length)),
  };
}

/** The files of one folder, with the folders that lie in it. */
export interface FolderListing {
  /** Names of files, and of links that are not followed, sorted by code points. */
  readonly files: string[];
  /** Names of folders, sorted by code points, but for hidden ones and `__MACOSX`. */
  readonly folders: string[];
}

/**
 * What lies in a folder. A link to a folder is one.
 *
 * @throws {UnavailableError} it is not a folder, or the system refuses.
 */
export async function listFolder(folder: string): Promise<FolderListing> {
  const entries = await attempt(folder, () => readdir(folder, { withFileTypes: true }));
  const [files, folders]: [string[], string[]] = [[], []];
  for (const entry of entries) {
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && (await isFolderAt(join(folder, entry.name))));
    if (!isFolder) files.push(entry.name);
    else if (!entry.name.startsWith(".") && !isOfMacOs(entry.name)) folders.push(entry.name);
  }
  return { files: files.toSorted(compareCodePoints), folders: folders.toSorted(compareCodePoints) };
}

/** The folder that macOS adds to archives, with a file that is not a picture for each that is. */
function isOfMacOs(folder: string): boolean {
  return folder.toLowerCase() === "__macosx";
}

/** Folders in folders; links in a circle lead deeper without end. */
const deepest = 64;
/** Paths take 100 bytes each. */
const mostFiles = 10_000_000;

/**
 * The files in a folder and all folders in it, as Python's `sorted(os.walk(folder))` and Keras after it order them: by the
 * folder's path, then by name. Other than in Keras, `__MACOSX` is passed over.
 *
 * @param followLinks whether folders are entered that links lead to
 * @throws {UnavailableError} a folder cannot be read.
 * @throws {FormatError} folders lie more than 64 deep, or hold more than 10,000,000 files.
 */
export async function walkFolder(root: string, followLinks: boolean): Promise<string[]> {
  const found: { folder: string; files: string[] }[] = [];
  const entered = new Set<string>();
  let count = 0;
  const enter = async (folder: string, depth: number): Promise<void> => {
    if (depth > deepest) throw new FormatError(root, "its folders", `at most ${deepest} deep`, "deeper ones");
    if (followLinks) {
      const place = await attempt(folder, () => realpath(folder));
      if (entered.has(place)) return;
      entered.add(place);
    }
    const entries = await attempt(folder, () => readdir(folder, { withFileTypes: true }));
    const files: string[] = [];
    for (const entry of entries) {
      const path = join(folder, entry.name);
      const isLinked = entry.isSymbolicLink() && (await isFolderAt(path));
      if (entry.isDirectory() || (isLinked && followLinks)) {
        if (!isOfMacOs(entry.name)) await enter(path, depth + 1);
      } else if (!isLinked) files.push(entry.name);
    }
    count += files.length;
    if (count > mostFiles) throw new FormatError(root, "its files", `at most ${mostFiles}`, "more");
    found.push({ folder, files: files.toSorted(compareCodePoints) });
  };
  await enter(root, 0);
  found.sort((one, other) => compareCodePoints(one.folder, other.folder));
  return found.flatMap(({ folder, files }) => files.map((name) => join(folder, name)));
}

/** Whether there is a folder. */
export async function isFolderAt(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/**
 * A path out of a path or a `file:` address.
 *
 * @throws {InvalidConfigError} it is neither.
 */
export function requirePath(owner: string, option: string, path: string | URL): string {
  const plain = path instanceof URL && path.protocol === "file:" ? fileURLToPath(path) : path;
  if (typeof plain === "string" && plain !== "" && !plain.includes("\0")) return plain;
  throw new InvalidConfigError(owner, option, "a path or a file: address", path);
}

/** A path in a folder, as the system joins them; an absolute one as it is. */
export function joinPath(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

/** The folder that a file lies in. */
export function parentOf(path: string): string {
  return dirname(path);
}

/** A path as it is seen from a folder, with slashes. */
export function relativePath(folder: string, path: string): string {
  return relative(folder, path).replaceAll(sep, "/");
}

async function readPart(path: string, offset: number, length: number): Promise<Uint8Array> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const bytes = new Uint8Array(length);
    let loaded = 0;
    while (loaded < length) {
      const rest = { offset: loaded, length: length - loaded, position: offset + loaded };
      const { bytesRead } = await file.read({ buffer: bytes, ...rest });
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
