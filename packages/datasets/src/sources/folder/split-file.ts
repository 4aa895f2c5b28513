import { readFileIfAny, writeFileWhole } from "@featuremap/files";
import { FormatError } from "@featuremap/tensor";
import type { ImageFiles } from "../pictures/image-files.ts";

/** 10,000,000 paths of 100 characters. */
const longest = 2 ** 30;

/**
 * Divides files as a file says, or, where there is none yet, divides them and writes it: plain JSON with the paths of each part.
 *
 * @param relative makes a path as it is written out of one as the files have it, so that a folder may move
 * @throws {FormatError} the file is none of these, or names other files than there are.
 */
export async function splitByFile(
  path: string,
  files: ImageFiles,
  names: readonly [string, string],
  relative: (path: string) => string,
  split: () => Promise<readonly [ImageFiles, ImageFiles]>,
): Promise<readonly [ImageFiles, ImageFiles]> {
  const written = await readFileIfAny(path, { limit: longest });
  if (written === undefined) {
    const parts = await split();
    const lists = parts.map((part) => part.filePaths.map(relative));
    const document = { version: 1, [names[0]]: lists[0], [names[1]]: lists[1] };
    await writeFileWhole(path, `${JSON.stringify(document, undefined, 1)}\n`);
    return parts;
  }
  const document = parse(new TextDecoder().decode(written));
  const places = new Map(files.filePaths.map((each, index) => [relative(each), index]));
  const [first, second] = names.map((name) => {
    const list = document?.[name];
    if (document?.["version"] !== 1 || !Array.isArray(list) || list.length === 0) {
      throw new FormatError(path, name, "a list of paths, as this function writes it", "none");
    }
    return list.map((each: unknown): number => {
      const place = places.get(String(each));
      if (place === undefined)
        throw new FormatError(path, `its ${name} files`, "files of the folder, each once", String(each));
      places.delete(String(each));
      return place;
    });
  });
  if (places.size > 0) {
    const [unknown = ""] = places.keys();
    const found = `${places.size} that are not in it, as ${unknown} (delete it to divide them anew)`;
    throw new FormatError(path, "the files of the folder", "those that were divided", found);
  }
  return [files.select(first ?? []), files.select(second ?? [])];
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
