import { randomBytes } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { type FileHandle, open, readdir, stat, statfs } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { readFileWhole, removeFile, writeFileWhole } from "@featuremap/files";
import { FormatError } from "@featuremap/tensor";
import { type FoundPack, type PackFolder, directoryLength, readDirectory, tailBytes } from "./pack.ts";

/** Names begin with numbers that grow: what was written last counts. */
const packName = /^(\d{8})-[0-9a-f]{16}\.pack$/;

/** Files that are open at once. */
const mostOpen = 128;

export function openPackFolder(folder: string): PackFolder {
  return new DiskFolder(folder);
}

/** The packs in a folder, read by ranges. A pack that cannot be read counts as one that is not there. */
class DiskFolder implements PackFolder {
  readonly #folder: string;
  /** Open files, the one used last at the end. */
  readonly #handles = new Map<string, Promise<FileHandle>>();

  /** Of the pack written last. */
  #number = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async make(): Promise<void> {
    const isThere = await readdir(this.#folder).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    // Writing a file makes the folder, and tells whether it can be written.
    const name = `${randomBytes(8).toString("hex")}.first`;
    await writeFileWhole(join(this.#folder, name), new Uint8Array(0));
    await this.remove(name);
  }

  /** Directories of the packs of one key, by name, and their sizes. Those of another key, or damaged, are removed. */
  async list(key: string): Promise<Map<string, FoundPack>> {
    const packs = new Map<string, FoundPack>();
    const names = await readdir(this.#folder).catch(() => []);
    for (const name of names.filter((each) => packName.test(each)).toSorted()) {
      const found = await this.#readDirectory(name).catch(() => undefined);
      this.#number = Math.max(this.#number, Number(packName.exec(name)?.[1]));
      if (found?.key === key) packs.set(name, found);
      else await this.remove(name);
    }
    await this.close();
    return packs;
  }

  pathOf(name: string): string {
    return join(this.#folder, name);
  }

  async remove(name: string): Promise<void> {
    await removeFile(join(this.#folder, name)).catch(() => {});
  }

  /** @returns its name @throws {UnavailableError} the folder cannot be written. */
  async write(pack: Uint8Array): Promise<string> {
    const number = String(++this.#number).padStart(8, "0");
    const name = `${number}-${randomBytes(8).toString("hex")}.pack`;
    await writeFileWhole(join(this.#folder, name), pack);
    return name;
  }

  /** @throws {UnavailableError} it is not there any more. */
  readWhole(name: string): Promise<Uint8Array<ArrayBuffer>> {
    return readFileWhole(join(this.#folder, name));
  }

  /** @throws {Error} it is not there any more, or shorter. */
  async readRange(name: string, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const handle = await this.#open(name);
    const bytes = new Uint8Array(length);
    for (let filled = 0; filled < length;) {
      const rest = { offset: filled, length: length - filled, position: offset + filled };
      const { bytesRead } = await handle.read({ buffer: bytes, ...rest });
      if (bytesRead === 0) throw new FormatError(join(this.#folder, name), "size", `${offset + length} bytes`, "less");
      filled += bytesRead;
    }
    return bytes;
  }

  /** Closes files; they are opened again when they are needed. */
  async close(): Promise<void> {
    const handles = [...this.#handles.values()];
    this.#handles.clear();
    await Promise.all(handles.map(closeQuietly));
  }

  async #readDirectory(name: string): Promise<FoundPack> {
    const path = join(this.#folder, name);
    const { size } = await stat(path);
    if (size < tailBytes) throw new FormatError(path, "size", `at least ${tailBytes} bytes`, `${size}`);
    const length = directoryLength(path, await this.readRange(name, size - tailBytes, tailBytes), size);
    const space = size - tailBytes - length;
    return { ...readDirectory(path, await this.readRange(name, space, length), space), bytes: size };
  }

  #open(name: string): Promise<FileHandle> {
    const handle = this.#handles.get(name) ?? open(join(this.#folder, name), "r");
    handle.catch(() => this.#handles.delete(name));
    this.#handles.delete(name);
    this.#handles.set(name, handle);
    const [oldest] = this.#handles;
    if (this.#handles.size > mostOpen && oldest !== undefined) {
      this.#handles.delete(oldest[0]);
      void closeQuietly(oldest[1]);
    }
    return handle;
  }
}

/** It waits for what is being read. */
async function closeQuietly(handle: Promise<FileHandle>): Promise<void> {
  await handle.then((file) => file.close()).catch(() => {});
}

/** A path that means the same wherever the process stands. */
export function wholePath(path: string): string {
  return resolve(path);
}

/**
 * What tells a file from others, and from what it was: a copy that keeps size and date has another inode, or another time of
 * change. Undefined where there is no such file.
 */
export async function originOf(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  const { size, mtimeMs, ctimeMs, ino } = found;
  return [resolve(path), size, mtimeMs, ctimeMs, ino].join(":");
}

/** Bytes of the packs in a folder; 0 where there is none. */
export async function keptBytes(folder: string): Promise<number> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => packName.test(name));
  const sizes = names.map((name) =>
    stat(join(folder, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Bytes that may still be written where a folder is or will be. */
export async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    const above = dirname(folder);
    return above === folder ? 0 : freeBytes(above);
  }
}

/** Files that a worker has open, the one used last at the end. */
const openPacks = new Map<string, number>();

/**
 * Fills memory with a range of a pack in one go, for a worker.
 *
 * @returns when the pack was changed last @throws {Error} it is not there any more, or shorter.
 */
export function readPackSync(path: string, offset: number, target: Uint8Array): number {
  const file = openPacks.get(path) ?? openSync(path, "r");
  openPacks.delete(path);
  openPacks.set(path, file);
  const [oldest] = openPacks;
  if (openPacks.size > mostOpen && oldest !== undefined) {
    openPacks.delete(oldest[0]);
    closeSync(oldest[1]);
  }
  const { length } = target;
  for (let filled = 0; filled < length;) {
    const read = readSync(file, target, filled, length - filled, offset + filled);
    if (read === 0) throw new FormatError(path, "size", `${offset + length} bytes`, "less");
    filled += read;
  }
  return fstatSync(file).mtimeMs;
}
