import { printJson, printLine } from "../terminal/print.ts";
import type { TextStream } from "../terminal/terminal.ts";
import { type CommandName, commandPlace } from "../options/command.ts";
import { flagName } from "../options/names.ts";
import { textOfValue, writtenValue } from "../options/read-value.ts";
import type { CheckedConfig } from "./check-config.ts";
import type { Origin, ResolvedOption, ResolvedWords } from "./resolve-options.ts";

/** What holds for a command, and where it comes from. */
export interface ConfigReport {
  readonly command: CommandName;
  readonly file: CheckedConfig | undefined;
  readonly words: ResolvedWords;
  readonly options: readonly ResolvedOption[];
}

/** Prints what holds for each option as a table. */
export function printConfig(output: TextStream, { command, file, words, options }: ConfigReport): void {
  const rows = [
    ...words.arguments.map(({ argument, words: given, origin }) => [
      argument.name,
      given.length === 0 ? "-" : given.join(" "),
      origin === "argument" ? "typed" : whereFrom(origin, `${commandPlace({ name: command })}.${argument.name}`, file),
    ]),
    ...options.map(({ key, option, value, origin, place }) => [
      flagName(key),
      value === undefined ? (option.defaultIs ?? "-") : textOfValue(option, value),
      whereFrom(origin, place, file),
    ]),
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const [name = "", value = "", origin = ""] of rows) {
    printLine(output, `${name.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  ${origin}`);
  }
}

/** Prints the same as one JSON object; values are as the config file holds them. */
export function printConfigJson(output: TextStream, { command, file, words, options }: ConfigReport): void {
  const entries = [
    ...words.arguments.map(({ argument, words: given, origin }) => {
      const value = argument.rest === true ? given : given[0];
      const place = origin === "file" ? { place: `${commandPlace({ name: command })}.${argument.name}` } : {};
      return [argument.name, { ...(given.length === 0 ? {} : { value }), origin, ...place }] as const;
    }),
    ...options.map(({ key, option, value, origin, place }) => {
      const written = value === undefined ? {} : { value: writtenValue(option, value) };
      return [key, { ...written, origin, ...(place === undefined ? {} : { place }) }] as const;
    }),
  ];
  printJson(output, {
    event: "config",
    command,
    ...(file === undefined ? {} : { file: file.name }),
    values: Object.fromEntries(entries),
  });
}

function whereFrom(origin: Origin, place: string | undefined, file: CheckedConfig | undefined): string {
  if (place === undefined || origin === "default") return "default";
  return origin === "file" ? `${place} in ${file?.name ?? "the config file"}` : place;
}
