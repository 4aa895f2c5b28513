import { join } from "node:path";
import { readFileIfAny, writeFileWhole } from "@featuremap/files";
import { FormatError } from "@featuremap/tensor";
import type { Options } from "../../options/option.ts";
import { textOfValue, writtenValue } from "../../options/read-value.ts";
import { sweepConfigName } from "./find-sweep.ts";
import { type Objective, type TrialRow, ranked } from "./trials/trial-row.ts";

/** Files of a sweep's folder. */
export interface SweepPaths {
  readonly path: string;
  /** What starts the same sweep again. */
  readonly config: string;
  /** A line for each trial, in their order. */
  readonly lines: string;
  /** The same as a table, the best first. */
  readonly table: string;
  /** The drawings, without their endings. */
  readonly plot: string;
}

/** Bytes of a sweep's files of text at most. */
const largest = 2 ** 28;

export function sweepPaths(path: string): SweepPaths {
  return {
    path,
    config: join(path, sweepConfigName),
    lines: join(path, "sweep.jsonl"),
    table: join(path, "sweep.csv"),
    plot: join(path, "sweep"),
  };
}

/** Writes all rows, as they are now. @param of options by name, as their values are written */
export async function writeRows(
  { lines, table }: Pick<SweepPaths, "lines" | "table">,
  rows: readonly TrialRow[],
  objective: Objective,
  of: Options,
): Promise<void> {
  await writeFileWhole(lines, rows.map((row) => `${JSON.stringify(plainRow(row, of))}\n`).join(""));
  await writeFileWhole(table, tableOf(ranked(rows, objective), of));
}

/** A row whose values are as the config file holds them. */
export function plainRow(row: TrialRow, of: Options): TrialRow {
  const values = Object.entries(row.values).map(([name, value]) => {
    const option = of[name];
    return [name, option === undefined ? value : writtenValue(option, value)] as const;
  });
  return { ...row, values: Object.fromEntries(values) };
}

/** What was decided of a trial, and does not stand in its own folder. */
export interface Verdict {
  readonly state: "failed" | "pruned";
  readonly reason?: string;
}

/** Which trials have no result, and which were left behind, by their numbers. */
export async function readVerdicts({ lines }: Pick<SweepPaths, "lines">): Promise<ReadonlyMap<number, Verdict>> {
  const bytes = await readFileIfAny(lines, { limit: largest });
  const texts = new TextDecoder()
    .decode(bytes ?? new Uint8Array())
    .split("\n")
    .filter((line) => line !== "");
  const verdicts = new Map<number, Verdict>();
  for (const text of texts) {
    const { trial, state, reason } = parsed(lines, text);
    if (typeof trial !== "number") continue;
    if (state === "failed") verdicts.set(trial, { state, reason: String(reason) });
    if (state === "pruned") verdicts.set(trial, { state });
  }
  return verdicts;
}

/** Text of a trial's value, as it would be typed. */
export function valueText(of: Options, name: string, value: unknown): string {
  const option = of[name];
  return option === undefined ? String(value) : textOfValue(option, value);
}

function parsed(file: string, text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new FormatError(file, "a line", "JSON", cause instanceof Error ? cause.message : String(cause));
  }
}

const numbers = ["epochs", "epochsPlanned", "val_accuracy", "val_loss", "accuracy", "loss", "seconds"] as const;

function tableOf(rows: readonly TrialRow[], of: Options): string {
  const names = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  const head = ["trial", ...names, "state", ...numbers, "run", "reason"];
  const lines = rows.map((row) => [
    String(row.trial),
    ...names.map((name) => (row.values[name] === undefined ? "" : valueText(of, name, row.values[name]))),
    row.state,
    ...numbers.map((name) => (row[name] === undefined ? "" : String(row[name]))),
    row.run,
    row.reason ?? "",
  ]);
  return [head, ...lines].map((cells) => `${cells.map(quoted).join(",")}\n`).join("");
}

/** As RFC 4180 has it. */
function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
