import { dirname } from "node:path";
import { readFileIfAny } from "@featuremap/files";
import { FormatError, InvalidConfigError } from "@featuremap/tensor";
import { flagName } from "../options/names.ts";
import type { Options } from "../options/option.ts";
import { textOfValue, valueFromFile } from "../options/read-value.ts";

/** Bytes of a file of text at most. */
const largest = 2 ** 28;

/** What was said before, and what is said now. */
export interface Change {
  /** What the config file says. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What holds now, by the names of options. */
  readonly held: Readonly<Record<string, unknown>>;
  /** Those that a config file has. */
  readonly options: Options;
  /** Those that may be other than before. */
  readonly changeable: ReadonlySet<string>;
  readonly file: string;
}

/** @throws {InvalidConfigError} an option is another than before, and what comes of it would be too. */
export function refuseChanges(command: string, { config, held, options, changeable: free, file }: Change): void {
  for (const [key, option] of Object.entries(options)) {
    if (free.has(key)) continue;
    const before = config[key] === undefined ? undefined : valueFromFile(option, config[key]);
    const now = held[key];
    const isDefault = before === undefined && now === option.default;
    if (isDefault || JSON.stringify(before) === JSON.stringify(now)) continue;
    const then = before === undefined ? "left out" : textOfValue(option, before);
    const expected = `${then}, as in ${dirname(file)}; for a new ${command === "train" ? "run" : command} give --config ${file}`;
    const received = now === undefined ? now : textOfValue(option, now);
    throw new InvalidConfigError(command, `--${flagName(key)}`, expected, received);
  }
}

/** What a config file says of a command. @throws {FormatError} it is damaged. */
export async function readConfig(file: string, command: string): Promise<Readonly<Record<string, unknown>>> {
  const found: unknown = await readJson(file);
  const section: unknown = typeof found === "object" && found !== null ? Reflect.get(found, command) : undefined;
  if (typeof section === "object" && section !== null) return section as Record<string, unknown>;
  throw new FormatError(file, command, "an object of options", String(section));
}

/** What a file of JSON holds. @throws {FormatError} it is not there, or damaged. */
export async function readJson(file: string): Promise<unknown> {
  const bytes = await readFileIfAny(file, { limit: largest });
  if (bytes === undefined) throw new FormatError(file, "the file", "there", "nothing");
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new FormatError(file, "the file", "JSON", cause instanceof Error ? cause.message : String(cause));
  }
}
