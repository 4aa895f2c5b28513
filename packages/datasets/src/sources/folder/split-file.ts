import { parentOf } from "#local-files";
import { lockFolder, readFileIfAny, writeFileWhole } from "@featuremap/files";
import { FormatError } from "@featuremap/tensor";
import type { ImageFiles } from "../pictures/image-files.ts";

/** 10,000,000 paths of 100 characters. */
const longest = 2 ** 30;
/** Seconds in which somebody else divides the files. */
const patience = 60;
const names = ["training", "validation"] as const;

type Parts = readonly [training: ImageFiles, validation: ImageFiles];

/** How files are divided that were not before. */
export interface FileDivision {
  /** A path as it is written out of one as the files have it, so that a folder may move. */
  readonly relative: (path: string) => string;
  readonly divide: () => Promise<Parts>;
  /** What was asked for; written too, and compared. */
  readonly choices: Readonly<Record<string, number | boolean>>;
}

/**
 * Divides files as a file says, or, where there is none yet, divides them and writes it: plain JSON with the paths of each
 * part. Of several who find none at once, one divides.
 *
 * @throws {FormatError} the file is none of these, names other files than there are, or was made for other choices.
 */
export async function splitByFile(path: string, files: ImageFiles, division: FileDivision): Promise<Parts> {
  const written = await readFileIfAny(path, { limit: longest });
  if (written !== undefined) return partsOf(path, written, files, division);
  const release = await lockFolder(parentOf(path), "split", { patience });
  try {
    const first = await readFileIfAny(path, { limit: longest });
    if (first !== undefined) return partsOf(path, first, files, division);
    const parts = await division.divide();
    const [training, validation] = parts.map((part) => part.filePaths.map(division.relative));
    const document = { version: 1, ...division.choices, training, validation };
    await writeFileWhole(path, `${JSON.stringify(document, undefined, 1)}\n`);
    return parts;
  } finally {
    await release();
  }
}

const anew = "(delete it to split them again)";

function partsOf(path: string, written: Uint8Array, files: ImageFiles, { relative, choices }: FileDivision): Parts {
  const document = parse(new TextDecoder().decode(written));
  // One written by hand, or before these were written, says nothing of them.
  for (const [name, choice] of Object.entries(choices)) {
    const found = document?.[name] ?? choice;
    if (found !== choice) throw new FormatError(path, name, String(choice), `${String(found)} ${anew}`);
  }
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
    throw new FormatError(
      path,
      "the files of the folder",
      "those that were split",
      `${places.size} that are not in it, such as ${unknown} ${anew}`,
    );
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
