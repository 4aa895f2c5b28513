import { requirePath } from "#local-files";
import { FormatError, InvalidConfigError, type OptionNames, checkOptions } from "@featuremap/tensor";
import type { ImageFileParts } from "../folder/image-folders.ts";
import { partOfName } from "../folder/usual-parts.ts";
import { type ImageTableOptions, imageTableNames, readImageTable } from "./image-files-from-table.ts";

/** How a table names pictures, their classes and their parts. */
export interface ImagePartsTableOptions extends ImageTableOptions {
  /** The column with the parts. Default: `part`. */
  readonly partColumn?: string;
}

const owner = "imagePartsFromTable";
const names: OptionNames<ImagePartsTableOptions> = { ...imageTableNames, partColumn: true };

/**
 * The pictures that a table lists with their classes, in the parts that a column of it names: `train` or `training`; `val`,
 * `valid`, `validation` or `dev`; `test` or `testing`. The columns are those of `imageFilesFromTable`.
 *
 * @returns `train` alone where there is no such column, or, unless it was named, where none of its entries is a part
 * @throws {UnavailableError} the table cannot be read.
 * @throws {FormatError} it is damaged, as `imageFilesFromTable` says, an entry is not a part, or there is nothing to train on.
 * @throws {InvalidConfigError} an option is unknown or not what it may be.
 */
export async function imagePartsFromTable(
  table: string | URL,
  options: ImagePartsTableOptions = {},
): Promise<ImageFileParts> {
  checkOptions(owner, options, names);
  const { partColumn, ...columns } = options;
  if (partColumn !== undefined && (typeof partColumn !== "string" || partColumn === "")) {
    throw new InvalidConfigError(owner, "partColumn", "a column's name", partColumn);
  }
  const column = partColumn ?? "part";
  const { files, others } = await readImageTable(owner, table, columns, column);
  const source = requirePath(owner, "table", table);
  const isThere = others.some((entry) => entry !== undefined);
  if (!isThere && partColumn !== undefined) {
    throw new FormatError(source, `partColumn "${partColumn}"`, "one of its columns", "none of that name");
  }
  const parts = others.map((entry) => (typeof entry === "string" ? partOfName(entry.trim()) : undefined));
  // A column of that name may tell parts of something else.
  if (!isThere || (partColumn === undefined && parts.every((part) => part === undefined))) return { train: files };
  const wrong = parts.indexOf(undefined);
  if (wrong >= 0) {
    throw new FormatError(source, `${column} of row ${wrong + 1}`, "train, validation or test", String(others[wrong]));
  }
  const first = new Map<string, number>();
  for (const [place, path] of files.filePaths.entries()) {
    const before = first.get(path) ?? place;
    first.set(path, before);
    if (parts[before] === parts[place]) continue;
    const expected = `${String(others[before])}, as in row ${before + 1} for the same picture`;
    throw new FormatError(source, `${column} of row ${place + 1}`, expected, String(others[place]));
  }
  const placesOf = (wanted: keyof ImageFileParts): number[] =>
    parts.flatMap((part, place) => (part === wanted ? [place] : []));
  const [train, validation, test] = [placesOf("train"), placesOf("validation"), placesOf("test")];
  if (train.length === 0) throw new FormatError(source, `column ${column}`, "one or more rows of train", "none");
  return {
    train: files.select(train),
    ...(validation.length === 0 ? {} : { validation: files.select(validation) }),
    ...(test.length === 0 ? {} : { test: files.select(test) }),
  };
}
