import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { imageFolders } from "@featuremap/datasets";
import { UnavailableError } from "@featuremap/tensor";
import { partsOfFiles } from "./part.ts";
import { holdsRuns } from "./runs-in-data.ts";
import type { FoundParts } from "./training-data.ts";

/**
 * A folder with a folder for each class, or with such folders for its parts. Runs among classes are passed over.
 *
 * @throws {UnavailableError} it has no folders with pictures, its parts have other classes, or it cannot be read.
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
  const found = await imageFolders(folder);
  const { classNames } = found.train;
  const hasParts = found.validation !== undefined || found.test !== undefined;
  const isRuns = await Promise.all(hasParts ? [] : classNames.map((name) => holdsRuns(folder, name)));
  const runs = classNames.filter((_, index) => isRuns[index]);
  if (runs.length === 0 || runs.length === classNames.length) return partsOfFiles(found);
  const classes = classNames.filter((name) => !runs.includes(name));
  return {
    ...partsOfFiles(await imageFolders(folder, { classNames: classes })),
    passedOver: runs.map((name) => ({ path: join(folder, name), reason: "It holds runs, and is not a class." })),
  };
}
