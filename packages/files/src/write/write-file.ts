import { appendFile, open, realpath, rm, stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { type OptionNames, checkOptions } from "@featuremap/tensor";
import { checkContents, checkName, checkPath } from "../check-arguments.ts";
import { makeFolder, removeMade } from "./make-folder.ts";
import { flushFolder, removeAbandoned, replaceFile } from "./replace-file.ts";
import { attempt } from "../system-error.ts";
import { flushFile } from "./flush-file.ts";

export interface WriteOptions {
  /**
   * Name under which the old file stays in its folder, in place of the one before it. It is not copied: on disks that know
   * several names for a file both stand at every moment, on others (FAT) the old one goes by this name alone for a moment.
   */
  readonly previous?: string;
}

const options: OptionNames<WriteOptions> = { previous: true };

/**
 * Writes a file whole: whoever looks, and whatever crashes, finds the old one or the new one, never a part.
 *
 * It is on the disk when this returns. Its folder is made if missing; a link stays, and what it leads to is written.
 *
 * @throws {InvalidConfigError} the path is not a text, the contents are neither text nor bytes, or an option is wrong.
 * @throws {UnavailableError} the system refuses, or the path is that of a folder or device; nothing is left then.
 */
export async function writeFileWhole(
  path: string,
  contents: Uint8Array | string,
  given: WriteOptions = {},
): Promise<void> {
  checkPath("writeFileWhole", "path", path);
  checkOptions("writeFileWhole", given, options);
  const { previous } = given;
  if (previous !== undefined) checkName("writeFileWhole", "previous", previous);
  const bytes = checkContents("writeFileWhole", contents);
  await attempt("write", path, async () => {
    const target = await placeOf(path);
    const folder = dirname(target);
    const made: string[] = [];
    try {
      await makeFolder(folder, made);
      await removeAbandoned(folder);
      await replaceFile(folder, basename(target), bytes, previous);
    } catch (error) {
      await removeMade(made);
      throw error;
    }
  });
}

/**
 * Writes a file where none is yet, in a folder that is there; a file that is there stays, whoever made it and when.
 *
 * @returns whether it was written
 * @throws {InvalidConfigError} the path is not a text, or the contents are neither text nor bytes.
 * @throws {UnavailableError} the system refuses; nothing is left then.
 */
export async function writeFileIfNone(path: string, contents: Uint8Array | string): Promise<boolean> {
  checkPath("writeFileIfNone", "path", path);
  const bytes = checkContents("writeFileIfNone", contents);
  return attempt("write", path, async () => {
    const file = await open(path, "wx").catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
      return undefined;
    });
    if (file === undefined) return false;
    try {
      await file.writeFile(bytes);
      await flushFile(file);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    await flushFolder(dirname(resolve(path)));
    return true;
  });
}

/**
 * Writes at the end of a file, which is made if missing, with its folder.
 *
 * @throws {InvalidConfigError} the path is not a text, or the contents are neither text nor bytes.
 * @throws {UnavailableError} the system refuses.
 */
export async function appendToFile(path: string, contents: Uint8Array | string): Promise<void> {
  checkPath("appendToFile", "path", path);
  const bytes = checkContents("appendToFile", contents);
  await attempt("write", path, async () => {
    await makeFolder(dirname(resolve(path)));
    await appendFile(path, bytes);
  });
}

/** Where a file lies behind all links, or will lie. A device would otherwise be replaced by a file. */
export async function placeOf(path: string): Promise<string> {
  // It follows what realpath cannot: /dev/stdout leads to a pipe that has no path.
  const found = await stat(path).catch(unlessAbsent);
  if (found !== undefined && !found.isFile()) throw new Error("it is not a regular file");
  return (await realpath(path).catch(unlessAbsent)) ?? resolve(path);
}

function unlessAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
