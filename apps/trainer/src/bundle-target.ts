import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { UnavailableError } from "@featuremap/tensor";

/**
 * Makes sure that writing a bundle to this folder destroys nothing but an older bundle.
 *
 * @throws {UnavailableError} the path is a file, or a folder with something other than a bundle in it.
 */
export async function checkBundleTarget(folder: string): Promise<void> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return [];
    const reason = cause.code === "ENOTDIR" ? "a part of the path is a file" : cause.message;
    throw new UnavailableError(`Cannot write a model to ${folder} (${reason})`, "Choose another folder with --out.", {
      cause,
    });
  });
  if (names.length === 0 || (await holdsBundle(folder))) return;
  throw new UnavailableError(`${folder} holds something other than a model`, "Choose another folder with --out.");
}

async function holdsBundle(folder: string): Promise<boolean> {
  try {
    const document: unknown = JSON.parse(await readFile(join(folder, "model.json"), "utf8"));
    return typeof document === "object" && document !== null && Reflect.get(document, "format") === "featuremap-model";
  } catch {
    return false;
  }
}
