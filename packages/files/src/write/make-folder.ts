import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { flushFolder } from "./replace-file.ts";

/**
 * Makes a folder and those it lies in, the outermost first.
 *
 * Not `recursive: true`, which never ends where the system does not create a folder in one that is there, as in /proc.
 *
 * @returns whether it was missing
 */
export async function makeFolder(path: string): Promise<boolean> {
  if (await isThere(path)) return false;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent);
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Another process may have made it meanwhile.
    if (code === "EEXIST") return false;
    throw code === "ENOENT" ? new Error(`the system does not create a folder in ${parent}`, { cause: error }) : error;
  }
  await flushFolder(parent);
  return true;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
