import { mkdir, rmdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { flushFolder } from "./replace-file.ts";

/**
 * Makes a folder and those it lies in, the outermost first.
 *
 * Not `recursive: true`, which never ends where the system does not create a folder in one that is there, as in /proc.
 *
 * @param made gets the folders that were missing, the outermost first, as each is made
 */
export async function makeFolder(path: string, made: string[] = []): Promise<void> {
  if (await isThere(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent, made);
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Another process may have made it meanwhile.
    if (code === "EEXIST") return;
    throw code === "ENOENT" ? new Error(`the system does not create a folder in ${parent}`, { cause: error }) : error;
  }
  made.push(path);
  await flushFolder(parent);
}

/** Removes what {@link makeFolder} made, as far as nothing is in it. */
export async function removeMade(made: readonly string[]): Promise<void> {
  for (const path of made.toReversed()) await rmdir(path).catch(() => {});
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
