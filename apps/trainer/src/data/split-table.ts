import { isAbsolute, relative, sep } from "node:path";
import { readFileIfAny, writeFileWhole } from "@featuremap/files";
import { UnavailableError } from "@featuremap/tensor";
import type { Part } from "./part.ts";
import type { PartName, TrainingData } from "./training-data.ts";

/**
 * Writes which picture is of which part: a table of path, label and part.
 *
 * @param nameOf what it calls a picture. Default: paths of files begin in the folder of the data
 */
export async function writeSplit(
  file: string,
  data: TrainingData,
  nameOf: (name: string) => string = (name) => splitName(data, name),
): Promise<void> {
  const lines = ["path,label,part"];
  for (const [part, name] of partsOf(data)) {
    for (let place = 0; place < part.size; place++) {
      const label = part.classNames[part.labels[place] ?? -1] ?? "";
      lines.push([nameOf(part.names[place] ?? ""), label, name].map(field).join(","));
    }
  }
  await writeFileWhole(file, `${lines.join("\n")}\n`);
}

/** The parts that there are, with their names. */
export function partsOf({ train, validation, test }: TrainingData): (readonly [Part, PartName])[] {
  return (
    [
      [train, "train"],
      [validation, "validation"],
      [test, "test"],
    ] as const
  ).flatMap(([part, name]) => (part === undefined ? [] : [[part, name] as const]));
}

/** What the table calls a picture: the same wherever the data lie, and wherever the command runs. */
export function splitName({ folder }: Pick<TrainingData, "folder">, name: string): string {
  return folder !== undefined && isAbsolute(name) ? relative(folder, name).split(sep).join("/") : name;
}

/** As RFC 4180 has it. */
function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Bytes of such a table at most. */
const largest = 2 ** 30;

/** A line of the table. */
export interface SplitRow {
  readonly path: string;
  /** Name of its class. */
  readonly label: string;
  readonly part: PartName;
}

/** The lines of a table; undefined where there is none. */
export async function readSplitRows(file: string): Promise<readonly SplitRow[] | undefined> {
  const bytes = await readFileIfAny(file, { limit: largest });
  if (bytes === undefined) return undefined;
  const rows = rowsOf(new TextDecoder().decode(bytes)).slice(1);
  return rows.map(([path = "", label = "", part]) => ({ path, label, part: part as PartName }));
}

/** Which picture is of which part, by its name in the table; undefined where there is no table. */
export async function readSplit(file: string): Promise<ReadonlyMap<string, PartName> | undefined> {
  const rows = await readSplitRows(file);
  return rows && new Map(rows.map(({ path, part }) => [path, part] as const));
}

/**
 * The same pictures in the same parts; others that are there by now count for nothing.
 *
 * @throws {UnavailableError} some are gone.
 */
export function splitAgain(found: TrainingData, split: ReadonlyMap<string, PartName>): TrainingData {
  const left = new Set(split.keys());
  const chosen = (wanted: PartName): Part | undefined => {
    for (const [part] of partsOf(found)) {
      const places: number[] = [];
      part.names.forEach((name, place) => {
        const inTable = splitName(found, name);
        if (split.get(inTable) !== wanted) return;
        places.push(place);
        left.delete(inTable);
      });
      if (places.length > 0) return part.select(places);
    }
    return undefined;
  };
  const [train, validation, test] = [chosen("train"), chosen("validation"), chosen("test")];
  const [gone] = left;
  if (train === undefined || gone !== undefined) {
    const what =
      gone === undefined ? "the pictures to learn from" : `${gone}${left.size > 1 ? ` and ${left.size - 1} more` : ""}`;
    throw new UnavailableError(`${found.location} no longer has ${what}`, "Put them back, or start a new run.");
  }
  return { ...found, train, validation, test };
}

/** Fields of each line, as RFC 4180 has them. */
function rowsOf(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = "", end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    if (row.length > 1) rows.push(row);
    row = [];
  }
  return rows;
}
