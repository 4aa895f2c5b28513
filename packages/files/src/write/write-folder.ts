import { randomBytes } from "node:crypto";
import { link, readFile, readdir, rename, rm, stat } from "node:fs/promises";
import { extname, join, resolve } from "node:path";
import { InvalidConfigError } from "@featuremap/tensor";
import { checkContents, checkPath, isPlain } from "../check-arguments.ts";
import { lockFolder } from "./lock-folder.ts";
import { makeFolder, removeMade } from "./make-folder.ts";
import {
  flushFolder,
  removeAbandoned,
  type Temporary,
  removeQuietly,
  takeTemporary,
  withTemporary,
  writeFlushed,
} from "./replace-file.ts";
import { attempt } from "../system-error.ts";

/** The file of a folder that names the others: with it the folder is whole, without it there is nothing. */
export interface FolderDocument {
  /** Its name. */
  readonly name: string;
  /** What it holds where the other files have these names. */
  readonly contents: (nameOf: (file: string) => string) => Uint8Array;
}

/** Seconds to wait for others who write the same folder. */
const patience = 60;

/** The longest document that is searched for the names it holds, in bytes. */
const longestDocument = 2 ** 26;

/** Writes that are under way in this process, by folder: the next one waits, so that the last to come is the last. */
const pending = new Map<string, Promise<void>>();

/**
 * Writes files that belong together so that a crash at any moment leaves the folder with the old ones or the new ones.
 *
 * The folder is made if it is missing; other files in it stay. A first save that fails leaves nothing of its own: no file,
 * and no folder that it made. The document decides: new files first get names of their
 * own, so that the old document keeps what it names. All that needs space is written before the document changes; then
 * the files move to their usual names. So the disk holds old and new once each, and a failure leaves the old alone.
 * Processes that write one folder wait for each other, for a minute at most.
 *
 * @param files all but the document, by plain name
 * @throws {InvalidConfigError} the folder is not a path, or a file is not bytes under a plain name.
 * @throws {UnavailableError} the system refuses, or another process does not end writing; nothing is left then.
 */
export async function writeFolder(
  directory: string,
  files: ReadonlyMap<string, Uint8Array>,
  document: FolderDocument,
): Promise<void> {
  checkPath("writeFolder", "directory", directory);
  if (!(files instanceof Map)) throw new InvalidConfigError("writeFolder", "files", "a Map of bytes by name", files);
  if (typeof document?.contents !== "function") {
    throw new InvalidConfigError("writeFolder", "document", "an object with a name and a function contents", document);
  }
  for (const [name, bytes] of [...files, [document.name, new Uint8Array(0)] as const]) {
    if (!isPlain(name)) throw new InvalidConfigError("writeFolder", "files", "under plain names", name);
    checkContents("writeFolder", bytes);
  }
  const folder = resolve(directory);
  const previous = pending.get(folder);
  const write = (async () => {
    await previous?.catch(() => {});
    await writeAlone(directory, files, document);
  })();
  pending.set(folder, write);
  try {
    await write;
  } finally {
    if (pending.get(folder) === write) pending.delete(folder);
  }
}

async function writeAlone(
  directory: string,
  files: ReadonlyMap<string, Uint8Array>,
  document: FolderDocument,
): Promise<void> {
  const folder = resolve(directory);
  const made: string[] = [];
  try {
    await attempt("write", directory, () => makeFolder(folder, made));
    const release = await lockFolder(directory, "saving", { patience });
    try {
      await attempt("write", directory, () => fill(folder, files, document));
    } finally {
      await release();
    }
  } catch (error) {
    await removeMade(made);
    throw error;
  }
}

async function fill(folder: string, files: ReadonlyMap<string, Uint8Array>, document: FolderDocument): Promise<void> {
  await removeAbandoned(folder);
  const names = [...files.keys()];
  const old = await readDocument(join(folder, document.name));
  await removeOwnNames(folder, names, (name) => old?.includes(name) ?? false);
  if (old === undefined) {
    await placeAll(folder, [...files, [document.name, document.contents((name) => name)]]);
    return;
  }
  await replaceAll(folder, files, document);
  await removeOwnNames(folder, names, () => false);
}

/** Gives files their names once all are on the disk, the document last; names that were new go again where one is refused. */
async function placeAll(folder: string, files: readonly (readonly [name: string, bytes: Uint8Array])[]): Promise<void> {
  const before = new Set(await readdir(folder));
  const written: { readonly name: string; readonly temporary: Temporary }[] = [];
  const placed: string[] = [];
  try {
    for (const [name, bytes] of files) {
      const temporary = await takeTemporary(folder);
      written.push({ name, temporary });
      await writeFlushed(temporary.path, bytes);
    }
    await flushFolder(folder);
    for (const { name, temporary } of written) {
      await rename(temporary.path, join(folder, name));
      placed.push(name);
    }
    await flushFolder(folder);
  } catch (error) {
    const made = placed.filter((name) => !before.has(name)).map((name) => join(folder, name));
    // The document first: with it the folder would count as whole.
    for (const path of [...made.toReversed(), ...written.map(({ temporary }) => temporary.path)]) {
      await removeQuietly(path);
    }
    throw error;
  } finally {
    for (const { temporary } of written) temporary.release();
  }
}

async function replaceAll(
  folder: string,
  files: ReadonlyMap<string, Uint8Array>,
  document: FolderDocument,
): Promise<void> {
  const place = join(folder, document.name);
  const ownNames = new Map([...files.keys()].map((name) => [name, ownNameOf(name)]));
  const ownPath = (name: string): string => join(folder, ownNames.get(name) ?? name);
  let isDecided = false;
  try {
    for (const [name, bytes] of files) await writeFlushed(ownPath(name), bytes);
    await withTemporary(folder, async (first) => {
      await writeFlushed(
        first,
        document.contents((name) => ownNames.get(name) ?? name),
      );
      await withTemporary(folder, async (last) => {
        await writeFlushed(
          last,
          document.contents((name) => name),
        );
        await flushFolder(folder);
        await rename(first, place);
        isDecided = true;
        await flushFolder(folder);
        for (const [name, bytes] of files) await giveSecondName(folder, ownPath(name), name, bytes);
        await flushFolder(folder);
        await rename(last, place);
        await flushFolder(folder);
      });
    });
  } catch (error) {
    // Once the document names them they are the folder's own.
    if (!isDecided) await Promise.all([...files.keys()].map((name) => removeQuietly(ownPath(name))));
    throw error;
  }
}

/** Puts a file in the place of another, which nothing names any more, and leaves it under its first name too. */
async function giveSecondName(folder: string, path: string, name: string, bytes: Uint8Array): Promise<void> {
  await withTemporary(folder, async (temporary) => {
    try {
      await link(path, temporary);
    } catch {
      // FAT knows one name for each file. The old one goes first: there may be no room for three.
      await rm(join(folder, name), { force: true });
      await writeFlushed(temporary, bytes);
    }
    await rename(temporary, join(folder, name));
  });
}

/** The document that is there, as far as it may hold names; undefined if there is none. */
async function readDocument(path: string): Promise<{ includes(name: string): boolean } | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  return found.isFile() && found.size <= longestDocument ? readFile(path) : { includes: () => true };
}

/** A name of its own for a file that still waits for its usual one: `weights-<16 digits>.safetensors`. */
function ownNameOf(name: string): string {
  const extension = extname(name);
  return `${name.slice(0, name.length - extension.length)}-${randomBytes(8).toString("hex")}${extension}`;
}

/** Removes files under names of their own, of this write and of earlier ones that crashed. */
async function removeOwnNames(
  folder: string,
  files: readonly string[],
  isKept: (name: string) => boolean,
): Promise<void> {
  const usualName = (name: string): string => name.replace(/-[0-9a-f]{16}(?=\.|$)/, "");
  for (const name of await readdir(folder)) {
    const usual = usualName(name);
    if (usual !== name && files.includes(usual) && !isKept(name)) await rm(join(folder, name), { force: true });
  }
}
