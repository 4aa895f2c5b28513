import { readdir } from "node:fs/promises";
import { imageFolders } from "@featuremap/datasets";
import { UnavailableError } from "@featuremap/tensor";
import { partsOfFiles } from "./part.ts";
import type { FoundParts } from "./training-data.ts";

/**
 * A folder with a folder for each class, or with such folders for its parts.
 *
 * @throws {UnavailableError} it has no folders with pictures, or cannot be read.
 * @throws {InvalidConfigError} one of its parts lacks a class of another.
 */
export async function openFolder(folder: string): Promise<FoundParts> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new UnavailableError(`${folder} cannot be read (${cause.code})`, "See who may read it.", { cause });
  });
  const folders = entries.filter((entry) => !entry.isFile() && !entry.name.startsWith("."));
  if (folders.length === 0) {
    const what = entries.length === 0 ? "is empty" : "has no folders of classes";
    throw new UnavailableError(`${folder} ${what}`, "Put the pictures of each class into a folder of its name there.");
  }
  return partsOfFiles(await imageFolders(folder));
}
