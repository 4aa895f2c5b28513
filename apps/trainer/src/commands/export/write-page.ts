import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { writeFileWhole } from "@featuremap/files";
import { type SaveBundleOptions, encodeBundle } from "@featuremap/formats";
import { encodePage } from "@featuremap/formats/page";
import type { Model } from "@featuremap/layers";
import { standalonePage } from "../../web-folder.ts";

/** Whether the path is one of a page, and not of a bundle's folder. */
export function isPage(path: string): boolean {
  return /\.html?$/i.test(path);
}

/**
 * Writes one HTML file with the model and the page that uses it, called as the file is.
 *
 * @throws {InvalidConfigError} the model is too large for that. @throws {UnavailableError} the file cannot be written.
 */
export async function writePage(model: Model, path: string, description: SaveBundleOptions): Promise<void> {
  const [shell, files] = [await readFile(standalonePage, "utf8"), await encodeBundle(model, description)];
  await writeFileWhole(path, encodePage({ shell, files, name: basename(path, extname(path)) }));
}
