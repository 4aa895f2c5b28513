import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { constants, type FileHandle, open, stat } from "node:fs/promises";
import { UnavailableError } from "@featuremap/tensor";
import { checkPath } from "../check-arguments.ts";
import { type ReadOptions, checkReadOptions, checkSize, throwIfAborted } from "./read-options.ts";
import { attempt, attemptSync, codeOf } from "../system-error.ts";

/** Bytes read at once; between them progress is told and the signal is heard. */
const step = 2 ** 24;

/**
 * Reads a whole file that is not longer than the limit. Only a regular file, or a link to one: a device or a pipe may
 * never end.
 *
 * @throws {InvalidConfigError} the path is not a text, or an option is unknown or not what it may be.
 * @throws {UnavailableError} it is absent, not a regular file, changes meanwhile, or the system refuses.
 * @throws {FormatError} it is longer than the limit.
 * @throws {AbortedError} the signal was raised.
 */
export async function readFileWhole(path: string, options: ReadOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  checkPath("readFileWhole", "path", path);
  checkReadOptions("readFileWhole", options);
  throwIfAborted(path, options.signal);
  return attempt("read", path, async () => {
    // Before it is opened, which alone can set off a device or wait for a pipe's other end; and after, as it may change.
    checkKind(path, await stat(path));
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const found = await file.stat();
      checkKind(path, found);
      checkSize(path, found.size, options);
      return await readHandle(path, file, found.size, options);
    } finally {
      await file.close();
    }
  });
}

/**
 * The same in one go, for a worker thread, which has nothing else to do meanwhile: for small files it takes a fifth of the
 * time. Progress is told at the end.
 */
export function readFileWholeSync(path: string, options: ReadOptions = {}): Uint8Array<ArrayBuffer> {
  checkPath("readFileWholeSync", "path", path);
  checkReadOptions("readFileWholeSync", options);
  throwIfAborted(path, options.signal);
  return attemptSync("read", path, () => {
    checkKind(path, statSync(path));
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const found = fstatSync(file);
      checkKind(path, found);
      checkSize(path, found.size, options);
      // A byte more than there should be tells a file that grows.
      const bytes = new Uint8Array(found.size + 1);
      let loaded = 0;
      for (let read = 1; read > 0 && loaded < bytes.length; loaded += read) {
        read = readSync(file, bytes, loaded, bytes.length - loaded, loaded);
      }
      if (loaded !== found.size) throw new Error("it changed while being read");
      options.onProgress?.(loaded, loaded);
      return bytes.subarray(0, loaded);
    } finally {
      closeSync(file);
    }
  });
}

/** The same; undefined if there is no file. */
export async function readFileIfAny(
  path: string,
  options: ReadOptions = {},
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await readFileWhole(path, options);
  } catch (error) {
    if (error instanceof UnavailableError && codeOf(error.cause) === "ENOENT") return undefined;
    throw error;
  }
}

async function readHandle(
  path: string,
  file: FileHandle,
  size: number,
  { signal, onProgress }: ReadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size);
  let loaded = 0;
  while (loaded < size) {
    throwIfAborted(path, signal);
    const length = Math.min(step, size - loaded);
    const { bytesRead } = await file.read({ buffer: bytes, offset: loaded, length, position: loaded });
    if (bytesRead === 0) throw new Error("it changed while being read");
    loaded += bytesRead;
    onProgress?.(loaded, size);
  }
  if (size === 0) onProgress?.(0, 0);
  const { bytesRead } = await file.read({ buffer: new Uint8Array(1), length: 1, position: size });
  if (bytesRead > 0) throw new Error("it changed while being read");
  return bytes;
}

export function checkKind(path: string, found: { isFile(): boolean; isDirectory(): boolean }): void {
  if (found.isFile()) return;
  const what = found.isDirectory() ? "a folder" : "a device, a pipe or a socket";
  throw new UnavailableError(`Cannot read ${path}: it is ${what}`, "Name a regular file.");
}
