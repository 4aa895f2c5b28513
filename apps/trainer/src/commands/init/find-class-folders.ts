import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isPictureName } from "../../pictures/picture-names.ts";

/** Folders that hold what is no one's data. */
const foreign = new Set(["node_modules", "runs"]);

/** Of each class folder, files that are looked at: the first picture tells, and a folder may hold millions. */
const mostLookedAt = 100;

/**
 * The folders in a folder that `train` could take: with a folder of pictures for each of two classes or more, or with parts of
 * such folders. They are known by their names alone, none is read; what cannot be listed is not such a folder.
 *
 * @returns their names, in order; as what `train` takes by {@link asPath}
 */
export async function findClassFolders(folder: string): Promise<string[]> {
  const names = await foldersIn(folder);
  const found = await Promise.all(
    names.filter((name) => !foreign.has(name)).map(async (name) => ((await hasData(join(folder, name))) ? name : [])),
  );
  return found.flat();
}

/** A folder called as a data set is not meant by its bare name. */
export function asPath(name: string): string {
  return `./${name}`;
}

async function hasData(folder: string): Promise<boolean> {
  const inside = await foldersIn(folder);
  if (await hasClasses(folder, inside)) return true;
  for (const part of inside.filter((name) => isPart.test(name))) {
    if (await hasClasses(join(folder, part), await foldersIn(join(folder, part)))) return true;
  }
  return false;
}

const isPart = /^(train|training|test|testing|val|valid|validation)$/i;

async function hasClasses(folder: string, classes: readonly string[]): Promise<boolean> {
  let count = 0;
  for (const name of classes) {
    const files = (await entriesOf(join(folder, name))).filter((entry) => !entry.isDirectory());
    if (files.slice(0, mostLookedAt).some((entry) => isPictureName(entry.name))) count += 1;
    if (count === 2) return true;
  }
  return false;
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await entriesOf(folder);
  // A folder may be behind a link.
  const folders = entries.filter(
    (entry) => !entry.name.startsWith(".") && (entry.isDirectory() || entry.isSymbolicLink()),
  );
  return folders.map(({ name }) => name).toSorted();
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}
