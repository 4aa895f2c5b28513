import { appendFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { checkContents, checkPath } from "./check-arguments.ts";
import { makeFolder } from "./make-folder.ts";
import { removeAbandoned, replaceFile } from "./replace-file.ts";
import { attempt } from "./system-error.ts";

/**
 * Writes a file whole: whoever looks, and whatever crashes, finds the old one or the new one, never a part.
 *
 * It is on the disk when this returns. Its folder is made if missing; a link stays, and what it leads to is written.
 *
 * @throws {InvalidConfigError} the path is not a text, or the contents are neither text nor bytes.
 * @throws {UnavailableError} the system refuses, or the path is that of a folder or device; nothing is left then.
 */
export async function writeFileWhole(path: string, contents: Uint8Array | string): Promise<void> {
  checkPath("writeFileWhole", "path", path);
  const bytes = checkContents("writeFileWhole", contents);
  await attempt("write", path, async () => {
    const target = await placeOf(path);
    const folder = dirname(target);
    await makeFolder(folder);
    await removeAbandoned(folder);
    await replaceFile(folder, basename(target), bytes);
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
async function placeOf(path: string): Promise<string> {
  const place = await realpath(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (place === undefined) return resolve(path);
  if (!(await stat(place)).isFile()) throw new Error("it is not a regular file");
  return place;
}
