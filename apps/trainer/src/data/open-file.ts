import { basename } from "node:path";
import {
  imageDatasetFromNpz,
  imageFilesFromArchive,
  imageFilesFromTfRecords,
  imagePartsFromTable,
} from "@featuremap/datasets";
import { ArraysPart, FilesPart, partsOfFiles } from "./part.ts";
import type { FoundParts } from "./training-data.ts";

type Opener = (path: string) => Promise<FoundParts>;

const openers: readonly (readonly [RegExp, Opener])[] = [
  [/\.(csv|tsv|jsonl|ndjson)$/i, async (path) => partsOfFiles(await imagePartsFromTable(path))],
  [/\.(zip|tar|tar\.gz|tgz)$/i, async (path) => ({ train: new FilesPart(await imageFilesFromArchive(path)) })],
  [/\.(tfrecords?)$/i, async (path) => ({ train: new FilesPart(await imageFilesFromTfRecords([path])) })],
  [
    /\.npz$/i,
    async (path) => {
      const { train, test } = await imageDatasetFromNpz(path);
      const name = basename(path);
      return { train: new ArraysPart(train, `${name} train`), test: new ArraysPart(test, `${name} test`) };
    },
  ],
];

/** Whether a file is of a kind that {@link openFile} reads, by its name. */
export function isDataFile(path: string): boolean {
  return openers.some(([ending]) => ending.test(path));
}

/**
 * The pictures of a table, an archive, a record file or a file of arrays; of these the last has a test part, and a table those that its column `part` names.
 *
 * @throws {FormatError} it is damaged. @throws {UnavailableError} it cannot be read.
 */
export async function openFile(path: string): Promise<FoundParts> {
  const found = openers.find(([ending]) => ending.test(path));
  if (found === undefined) throw new Error(`${path} is of no kind that is read.`);
  return found[1](path);
}
