import { openFile, joinPath, parentOf, requirePath } from "#local-files";
import { FormatError, InvalidConfigError, type OptionNames, checkOptions, describeValue } from "@featuremap/tensor";
import { readWhole } from "../bytes/byte-source.ts";
import { decodeText } from "../bytes/decode-text.ts";
import { checkClassNames, classesOf } from "../pictures/files/classes.ts";
import { ImageFiles } from "../pictures/image-files.ts";
import { parseCsv } from "./csv.ts";
import { parseJsonLines } from "./json-lines.ts";

/** How a table names pictures and their classes. */
export interface ImageTableOptions {
  /** The column with paths. Default: `path`. */
  readonly pathColumn?: string;
  /** The column with classes: names or numbers. Default: `label`. */
  readonly labelColumn?: string;
  /** The folder that paths start from. Default: the table's own. */
  readonly directory?: string | URL;
  /** The classes in the order of their indices. Default: those that occur, sorted; numbers by their size. */
  readonly classNames?: readonly string[];
  /** Between two fields of a line. Default: a comma; a tab in a file that ends in `.tsv`. */
  readonly separator?: string;
  /** Share of files that may be damaged or missing before that is an error. Default: 0.05. */
  readonly damagedShare?: number;
}

export const imageTableNames: OptionNames<ImageTableOptions> = {
  pathColumn: true,
  labelColumn: true,
  directory: true,
  classNames: true,
  separator: true,
  damagedShare: true,
};

/** Bytes of a table: a million rows take 60 MB. */
const longestTable = 2 ** 29;

interface Row {
  readonly path: unknown;
  readonly label: unknown;
  /** Of the third column; undefined where there is none of its name. */
  readonly other: unknown;
}

/** The pictures of a table, and what stands in a third column for each. */
export interface ReadTable {
  readonly files: ImageFiles;
  readonly others: readonly unknown[];
}

/**
 * The pictures that a table lists with their classes: comma-separated values with the columns' names in the first line, or
 * a JSON object a line (`.jsonl`, `.ndjson`).
 *
 * @throws {UnavailableError} the table cannot be read.
 * @throws {FormatError} it is damaged, empty or not in UTF-8, lacks a column, gives a picture two classes, or a class is not among `classNames`.
 * @throws {InvalidConfigError} an option is unknown or not what it may be.
 */
export async function imageFilesFromTable(table: string | URL, options: ImageTableOptions = {}): Promise<ImageFiles> {
  checkOptions("imageFilesFromTable", options, imageTableNames);
  return (await readImageTable("imageFilesFromTable", table, options)).files;
}

/** @param otherColumn a column that need not be there @throws as {@link imageFilesFromTable} does. */
export async function readImageTable(
  owner: string,
  table: string | URL,
  options: ImageTableOptions,
  otherColumn?: string,
): Promise<ReadTable> {
  const path = requirePath(owner, "table", table);
  const { pathColumn = "path", labelColumn = "label", damagedShare } = options;
  for (const [option, column] of Object.entries({ pathColumn, labelColumn })) {
    if (typeof column !== "string" || column === "")
      throw new InvalidConfigError(owner, option, "a column's name", column);
  }
  const classNames = checkClassNames(owner, options.classNames);
  const folder = options.directory === undefined ? parentOf(path) : requirePath(owner, "directory", options.directory);
  const bytes = await readWhole(await openFile(path), longestTable);
  // No text has one: the header of a binary file would fill the error.
  if (bytes.includes(0)) throw new FormatError(path, "the table", "text", "bytes of another kind of file");
  const text = decodeText(bytes, path);
  const isJson = /\.(jsonl|ndjson)$/i.test(path);
  const separator = options.separator ?? (/\.tsv$/i.test(path) ? "\t" : ",");
  const columns = { pathColumn, labelColumn, otherColumn };
  const rows = isJson ? jsonRows(text, path, columns) : csvRows(text, path, columns, separator);
  const [paths, classes]: [string[], string[]] = [[], []];
  const others: unknown[] = [];
  const first = new Map<string, number>();
  for (const { path: file, label, other } of rows) {
    const what = `row ${paths.length + 1}`;
    if (typeof file !== "string" || file === "" || file.includes("\0")) {
      throw new FormatError(path, `${pathColumn} of ${what}`, "a path", String(file));
    }
    const isClass =
      (typeof label === "string" && label !== "") || Number.isInteger(label) || typeof label === "boolean";
    if (!isClass)
      throw new FormatError(
        path,
        `${labelColumn} of ${what}`,
        "a class",
        label === undefined ? "nothing" : describeValue(label),
      );
    const before = first.get(file) ?? paths.length;
    first.set(file, before);
    if (before < paths.length && classes[before] !== String(label)) {
      const expected = `${classes[before]}, as in row ${before + 1} for ${file}`;
      throw new FormatError(path, `${labelColumn} of ${what}`, expected, String(label));
    }
    paths.push(joinPath(folder, file));
    classes.push(String(label));
    others.push(other);
  }
  if (paths.length === 0) throw new FormatError(path, "the table", "one or more rows", "none");
  return { files: new ImageFiles({ paths, ...classesOf(classes, classNames, path), damagedShare }), others };
}

interface Columns {
  readonly pathColumn: string;
  readonly labelColumn: string;
  readonly otherColumn: string | undefined;
}

function* csvRows(
  text: string,
  source: string,
  { pathColumn, labelColumn, otherColumn }: Columns,
  separator: string,
): Generator<Row> {
  const rows = parseCsv(text, source, { separator, headed: true });
  const header = (rows.next().value ?? []).map((name) => name.trim());
  const other = header.length === 1 ? /[,;\t|]/.exec(header[0] ?? "")?.[0] : undefined;
  const hint = other === undefined ? "" : ` (with separator: ${JSON.stringify(other)} it has several)`;
  const [pathAt, labelAt] = [pathColumn, labelColumn].map((name) => {
    const at = header.indexOf(name);
    const option = name === pathColumn ? "pathColumn" : "labelColumn";
    const expected = at < 0 ? "one of its columns" : "the name of one column";
    if (at >= 0 && !header.includes(name, at + 1)) return at;
    throw new FormatError(source, `${option} "${name}"`, expected, (header.join(", ") || "none") + hint);
  });
  const otherAt = otherColumn === undefined ? -1 : header.indexOf(otherColumn);
  for (const row of rows) {
    yield {
      path: row[pathAt ?? -1],
      label: row[labelAt ?? -1]?.trim(),
      other: otherAt < 0 ? undefined : (row[otherAt] ?? ""),
    };
  }
}

function* jsonRows(
  text: string,
  source: string,
  { pathColumn, labelColumn, otherColumn = "" }: Columns,
): Generator<Row> {
  for (const row of parseJsonLines(text, source)) {
    yield { path: row[pathColumn], label: row[labelColumn], other: row[otherColumn] };
  }
}
