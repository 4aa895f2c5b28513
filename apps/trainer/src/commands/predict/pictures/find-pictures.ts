import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { UnavailableError } from "@featuremap/tensor";
import { expandPattern, isPattern } from "./expand-pattern.ts";
import type { FoundName } from "../../../pictures/picture-names.ts";
import { readNames } from "./read-names.ts";
import { walkFolder } from "./walk-folder.ts";

/** Where pictures are looked for. */
export interface PictureWords {
  /** Files, folders, patterns, and "-" for names in `input`. */
  readonly words: readonly string[];
  /** Where names start from. Default: where this process runs. */
  readonly folder?: string | undefined;
  /** Standard input. */
  readonly input?: AsyncIterable<Uint8Array | string> | undefined;
  /** Whether names in it end with a null character, and not with their line. */
  readonly isNullSeparated?: boolean | undefined;
}

/** What stands for the names in standard input. */
export const inputWord = "-";

/** All pictures that are named, in order, however many; at any time the names of one folder are in memory. */
export async function* findPictures(where: PictureWords): AsyncGenerator<FoundName> {
  const { words, folder = process.cwd(), input, isNullSeparated = false } = where;
  for (const word of words) {
    if (word !== inputWord) {
      yield* findNamed(word, folder, isPattern(word));
      continue;
    }
    if (input === undefined) continue;
    for await (const name of readNames(input, { isNullSeparated })) {
      if (name === undefined) yield { kind: "pause" };
      else yield* findNamed(name, folder, false);
    }
  }
}

/** A path that is there counts more than the pattern that it may be. */
async function* findNamed(name: string, folder: string, mayBePattern: boolean): AsyncGenerator<FoundName> {
  const status = await stat(resolve(folder, name)).catch(() => undefined);
  if (status?.isDirectory() === true) {
    let isEmpty = true;
    for await (const found of walkFolder(name, folder)) {
      isEmpty &&= found.kind === "foreign";
      yield found;
    }
    if (isEmpty)
      yield {
        kind: "wrong",
        name,
        error: new UnavailableError(`There is no picture in ${name}`, "Name another folder."),
      };
  } else if (status === undefined && mayBePattern) yield* expandPattern(name, folder);
  else yield { kind: "picture", name };
}
