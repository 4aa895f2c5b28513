import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readFileWhole, reasonOf } from "@featuremap/files";
import { UnavailableError } from "@featuremap/tensor";
import { isUnfinished } from "./unfinished.ts";

/**
 * Makes sure that writing a bundle to this folder destroys nothing but an older bundle.
 *
 * @throws {UnavailableError} the path is a file, or a folder with something other than a bundle in it.
 */
export async function checkBundleTarget(folder: string): Promise<void> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return [];
    throw new UnavailableError(
      `Cannot write a model to ${folder} (${reasonOf(cause)})`,
      "Choose another folder with --out.",
      {
        cause,
      },
    );
  });
  // What begins so was left by a save that was cut short, and goes with the next one.
  if (names.every(isUnfinished) || (await holdsBundle(folder))) return;
  throw new UnavailableError(`${folder} holds something other than a model`, "Choose another folder with --out.");
}

async function holdsBundle(folder: string): Promise<boolean> {
  try {
    const document: unknown = JSON.parse(new TextDecoder().decode(await readFileWhole(join(folder, "model.json"))));
    return typeof document === "object" && document !== null && Reflect.get(document, "format") === "featuremap-model";
  } catch {
    return false;
  }
}
