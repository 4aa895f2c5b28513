import { type Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { reasonOf } from "@featuremap/files";
import { UnavailableError } from "@featuremap/tensor";
import { type FoundName, foundFile } from "../../../pictures/picture-names.ts";

/**
 * The files of a folder and of those in it, folder by folder and by name, whatever their number. What is hidden, with a dot
 * at its beginning, is left out; links are followed, each folder is entered once.
 *
 * @param name as it is told: `photos`
 * @param base where names start from
 */
export async function* walkFolder(name: string, base: string): AsyncGenerator<FoundName> {
  yield* walk(name, base, new Set());
}

async function* walk(name: string, base: string, entered: Set<string>): AsyncGenerator<FoundName> {
  const path = resolve(base, name);
  let entries: Dirent[];
  try {
    const real = await realpath(path);
    if (entered.has(real)) return;
    entered.add(real);
    entries = await readdir(path, { withFileTypes: true });
  } catch (cause) {
    const error = new UnavailableError(`Cannot read ${name}: ${reasonOf(cause)}`, "See who may read it.", { cause });
    yield { kind: "wrong", name, error };
    return;
  }
  const visible = entries.filter((entry) => !entry.name.startsWith("."));
  for (const entry of visible.toSorted((one, other) => compare(one.name, other.name))) {
    const inner = join(name, entry.name);
    if (await isFolder(entry, resolve(base, inner))) yield* walk(inner, base, entered);
    else yield foundFile(inner);
  }
}

/** By code units, so that the order is everywhere the same. */
function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

async function isFolder(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}
