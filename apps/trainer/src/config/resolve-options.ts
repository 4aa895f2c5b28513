import { InvalidConfigError, describeValue, nearestName } from "@featuremap/tensor";
import { UsageError } from "../terminal/exit-codes.ts";
import { type CommandDescription, commandSynopsis } from "../options/command.ts";
import { didYouMean, flagName, variableName } from "../options/names.ts";
import type { Argument, Option } from "../options/option.ts";
import { faultOfText, placeholderOf, valueFromText } from "../options/read-value.ts";
import type { ParsedWords, TypedOption } from "../options/parse-words.ts";
import type { CheckedConfig } from "./check-config.ts";

/** Variables of the process, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What may say something of an option, the weakest first. */
export type Origin = "default" | "file" | "environment" | "flag" | "argument";

/** What holds for an option, and why. */
export interface ResolvedOption {
  readonly key: string;
  readonly option: Option;
  /** Absent where nobody says anything. */
  readonly value?: unknown;
  readonly origin: Origin;
  /** "--epochs", "--no-json", "FEATUREMAP_EPOCHS" or "train.epochs". */
  readonly place?: string;
}

/** The words of a command, and what holds for each. */
export interface ResolvedWords {
  readonly words: readonly string[];
  readonly arguments: readonly {
    readonly argument: Argument;
    readonly words: readonly string[];
    readonly origin: Origin;
  }[];
}

/** All that may say something of a command's options. */
export interface OptionSources {
  readonly typed: ParsedWords;
  readonly environment: Environment;
  readonly file?: CheckedConfig | undefined;
}

/**
 * What holds for each option: default < config file < environment < command line. Of what is overruled only the config
 * file was checked.
 *
 * @throws {InvalidConfigError} A value is wrong, or an option was typed twice.
 */
export function resolveOptions(command: CommandDescription, sources: OptionSources): ResolvedOption[] {
  const inFile = sources.file?.of(command.name).options;
  return Object.entries(command.options).map(([key, option]) => {
    const flag = typedValue(command.name, key, option, sources.typed.options);
    if (flag !== undefined) {
      const asTyped = sources.typed.options.find((each) => each.key === key)?.flag ?? `--${flagName(key)}`;
      return { key, option, origin: "flag", place: asTyped, value: flag };
    }
    const place = variableName(key);
    const text = sources.environment[place];
    // As everywhere in Featuremap and in shells' own habits, an empty variable is none.
    if (text !== undefined && text !== "") {
      return { key, option, origin: "environment", place, value: readText(command.name, place, option, text) };
    }
    const found = inFile?.get(key);
    if (found !== undefined) return { key, option, origin: "file", ...found };
    const value = option.kind === "flag" ? (option.default ?? false) : option.default;
    return { key, option, origin: "default", ...(value === undefined ? {} : { value }) };
  });
}

/**
 * The words after a command's name; those that were not typed may stand in the config file.
 *
 * @throws {UsageError} Words are missing or too many.
 * @throws {InvalidConfigError} A word is none of those that there may be.
 */
export function resolveWords(
  command: CommandDescription,
  typed: readonly string[],
  file: CheckedConfig | undefined,
): ResolvedWords {
  const inFile = file?.of(command.name).arguments;
  const left = [...typed];
  const resolved = command.arguments.map((argument) => {
    const words = left.splice(0, argument.rest === true ? left.length : 1);
    if (words.length > 0) return { argument, words, origin: "argument" as const };
    const written = inFile?.get(argument.name);
    return written === undefined
      ? { argument, words: [], origin: "default" as const }
      : { argument, words: written, origin: "file" as const };
  });
  if (left.length > 0) {
    const words = left.map((word) => describeValue(word)).join(", ");
    throw new UsageError(
      `${command.name}: more words were given than it takes (${words}): featuremap ${commandSynopsis(command)}. See featuremap ${command.name} --help.`,
    );
  }
  for (const { argument, words } of resolved) {
    // An empty variable of a shell would stand for the folder where the command runs.
    if (words.some((word) => word === ""))
      throw new InvalidConfigError(command.name, argument.name, "text that is not empty", "");
    const wrong = words.find((word) => !(argument.choices?.includes(word) ?? true));
    if (wrong === undefined) continue;
    throw new InvalidConfigError(command.name, argument.name, `one of ${argument.choices?.join(", ")}`, wrong);
  }
  return { words: resolved.flatMap(({ words }) => words), arguments: resolved };
}

/** @throws {UsageError} A word that the command needs is missing. */
export function requireWords(command: CommandDescription, { arguments: words }: ResolvedWords): void {
  const missing = words.find(({ argument, words: given }) => given.length === 0 && argument.required);
  if (missing === undefined) return;
  const { name, description } = missing.argument;
  throw new UsageError(
    `${command.name}: <${name}> is missing, ${description}: featuremap ${commandSynopsis(command)}. See featuremap ${command.name} --help.`,
  );
}

/**
 * The value that was typed, and undefined if none was.
 *
 * @throws {InvalidConfigError} It is wrong, missing, or there are two.
 */
export function typedValue(owner: string, key: string, option: Option, typed: readonly TypedOption[]): unknown {
  const [first, second] = together(
    option,
    typed.filter((each) => each.key === key),
  );
  if (first === undefined) return undefined;
  const name = `--${flagName(key)}`;
  if (second !== undefined) {
    throw new InvalidConfigError(owner, name, "given once", typed.filter((each) => each.key === key).map(shown));
  }
  if (first.surplus !== undefined)
    throw new InvalidConfigError(owner, first.flag, "given without a value", first.surplus);
  if (first.value === undefined) {
    const hint = `to begin it with a dash, write ${name}=-...`;
    throw new UsageError(`${owner}: option \`${name} <${placeholderOf(option)}>\` value is missing (${hint})`);
  }
  if (first.value === "") throw new InvalidConfigError(owner, name, "given a value", "");
  return readText(owner, name, option, first.value);
}

/** Variables that nobody reads and that are nearly called as an option's: what is wrong with each. */
export function strayVariables(environment: Environment, commands: readonly CommandDescription[]): string[] {
  const keys = [...new Set([...commands.flatMap(({ options }) => Object.keys(options)), "config"])];
  const known = keys.map(variableName);
  return Object.keys(environment)
    .filter((name) => name.startsWith(prefix) && !known.includes(name))
    .flatMap((name) => {
      const rest = known.map((each) => each.slice(prefix.length));
      const near = nearestName(name.slice(prefix.length), rest);
      return near === undefined ? [] : [`The variable ${name} is not read${didYouMean(`${prefix}${near}`)}.`];
    });
}

/** Where an option may be given several times, all that was given as if it were given at once. */
function together(option: Option, typed: readonly TypedOption[]): readonly TypedOption[] {
  const [first, ...rest] = typed;
  if (option.kind !== "space" || first === undefined || typed.some(({ value }) => value === undefined)) return typed;
  return [{ ...first, value: [first, ...rest].map(({ value }) => value).join(" ") }];
}

const prefix = "FEATUREMAP_";

function readText(owner: string, place: string, option: Option, text: string): unknown {
  const value = valueFromText(option, text);
  if (value !== undefined) return value;
  const { part, expected, received } = faultOfText(option, text);
  throw new InvalidConfigError(owner, part === undefined ? place : `${place} ${part}`, expected, received);
}

function shown({ flag, value = "" }: TypedOption): string {
  return value === "true" || value === "false" ? flag : value;
}
