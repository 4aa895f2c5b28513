import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { UnavailableError } from "@featuremap/tensor";
import { findData } from "../../data/open-data.ts";
import { type SplitRow, partsOf, readSplitRows, splitName } from "../../data/split-table.ts";
import type { Part } from "../../data/part.ts";
import type { PartName, TrainingData } from "../../data/training-data.ts";
import { findPreset } from "../../data/presets/find-preset.ts";
import { readConfig } from "../../config/written-config.ts";
import type { RunPaths } from "../../run/run-paths.ts";
import { shellWord } from "../../terminal/shell-word.ts";

/** Pictures that a run kept aside, or learned from. */
export interface RunPart {
  readonly data: TrainingData;
  readonly part: PartName | "all";
  /** One or more, with all pictures of the part between them. */
  readonly parts: readonly Part[];
  /** Whether the run was judged by mirror images too. */
  readonly tta: boolean;
  readonly note?: string;
}

/** Files that a message names. */
const mostNamed = 3;

/**
 * The very pictures of a part of a run, by its `config.json` and `split.csv`.
 *
 * @param wanted default: the test part, or the validation part where there is none
 * @param shown what messages call the run
 * @throws {UnavailableError} the run has no such part, or pictures of it are gone or of another class now.
 */
export async function openRunPart(
  run: RunPaths,
  wanted: PartName | "all" | undefined,
  shown: string,
  settings: Parameters<typeof findData>[1],
): Promise<RunPart> {
  const config = await readConfig(run.config, "train");
  const rows = await readSplitRows(run.split);
  const { data: spec, dataFolder, tta } = config;
  if (typeof spec !== "string" || rows === undefined) {
    throw new UnavailableError(
      `${shown} does not list its pictures: ${rows === undefined ? "there is no split.csv" : "config.json has no data"}`,
      `Name them: featuremap evaluate ${shellWord(shown)} <data>`,
    );
  }
  const has = (name: PartName): boolean => rows.some(({ part }) => part === name);
  const part = wanted ?? (has("test") ? "test" : "validation");
  if (part !== "all" && !has(part)) {
    const what = wanted === undefined ? "neither a test part nor a validation part" : `no ${part} part`;
    throw new UnavailableError(
      `${shown} has ${what}`,
      `Name other pictures: featuremap evaluate ${shellWord(shown)} <data>`,
    );
  }
  if (findPreset(spec) === undefined && !existsSync(spec)) {
    throw new UnavailableError(
      `The pictures of ${shown} are no longer at ${spec}`,
      `Put them back, or name others: featuremap evaluate ${shellWord(shown)} <data>`,
    );
  }
  const known = typeof dataFolder === "string" ? { dataFolder } : {};
  const data = await findData(spec, { ...known, ...settings });
  const chosen = rows.filter((row) => part === "all" || row.part === part);
  const parts = pick(data, chosen, { part, shown });
  const changed = await changedSince(run.split, data, parts);
  return { data, part, parts, tta: tta === true, ...(changed === undefined ? {} : { note: `${changed} ${shown}.` }) };
}

/** @throws {UnavailableError} some are gone, or have another label. */
function pick(
  data: TrainingData,
  rows: readonly SplitRow[],
  { part, shown }: { readonly part: string; readonly shown: string },
): readonly Part[] {
  const found = partsOf(data).map(([each]) => ({ part: each, places: [] as number[] }));
  const known = new Map(rows.map(({ path, label }) => [path, label] as const));
  const left = new Set(known.keys());
  const others: string[] = [];
  for (const { part: each, places } of found) {
    each.names.forEach((name, place) => {
      const inTable = splitName(data, name);
      const label = known.get(inTable);
      if (label === undefined) return;
      left.delete(inTable);
      places.push(place);
      if (each.classNames[each.labels[place] ?? -1] !== label) others.push(inTable);
    });
  }
  const wrong = left.size > 0 ? [...left] : others;
  if (wrong.length > 0) {
    const what = left.size > 0 ? `no longer at ${data.location}` : "of another class now";
    throw new UnavailableError(
      `${wrong.length} of ${rows.length} pictures of the ${part} part of ${shown} are ${what}: ${named(wrong)}`,
      `Put them back, or judge by what is there: featuremap evaluate ${shellWord(shown)} ${shellWord(data.location)}`,
    );
  }
  return found.filter(({ places }) => places.length > 0).map(({ part: each, places }) => each.select(places));
}

/** Files that are younger than the run's table: they may be others than those it was trained with. */
async function changedSince(table: string, data: TrainingData, parts: readonly Part[]): Promise<string | undefined> {
  if (data.kind === "dataset") return undefined;
  const { mtimeMs: began } = await stat(table);
  const paths = data.kind === "file" ? [data.location] : parts.flatMap(({ names }) => names);
  const changed: string[] = [];
  for (let from = 0; from < paths.length; from += 256) {
    const some = paths.slice(from, from + 256);
    const times = await Promise.all(
      some.map((path) =>
        stat(path).then(
          ({ mtimeMs }) => mtimeMs,
          () => 0,
        ),
      ),
    );
    changed.push(...some.filter((_, index) => (times[index] ?? 0) > began));
  }
  if (changed.length === 0) return undefined;
  const what = changed.length === 1 ? "1 file was" : `${changed.length} files were`;
  return `${what} written after the run began (${named(changed.map((path) => splitName(data, path)))}): the numbers may differ from those of`;
}

function named(paths: readonly string[]): string {
  const more = paths.length > mostNamed ? ` and ${paths.length - mostNamed} more` : "";
  return paths.slice(0, mostNamed).join(", ") + more;
}
