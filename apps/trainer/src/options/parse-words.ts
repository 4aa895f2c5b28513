import { parseArgs } from "node:util";
import { shortNames } from "./global.ts";
import { flagName } from "./names.ts";
import type { Options } from "./option.ts";

/** One option as it was typed. */
export interface TypedOption {
  /** With its dashes. */
  readonly flag: string;
  /** Name of the value that it sets. */
  readonly key: string;
  /** "true" or "false" for a flag; absent where nothing follows that could be one. */
  readonly value?: string;
  /** What was typed to a flag, which takes nothing: the "yes" of `--json=yes`. */
  readonly surplus?: string;
}

/** A command line by its parts. */
export interface ParsedWords {
  /** What is not an option. */
  readonly words: readonly string[];
  readonly options: readonly TypedOption[];
  /** Options that nobody has declared. */
  readonly unknown: readonly string[];
}

/**
 * Tells words from options.
 *
 * What follows `--` is a word, however it begins; what follows an option with a value is its value, unless it begins
 * with a dash and is not a number.
 */
export function parseWords(typed: readonly string[], options: Options): ParsedWords {
  const known = new Map<string, KnownFlag>();
  for (const [key, option] of Object.entries(options)) {
    if (option.kind !== "flag") known.set(flagName(key), { key });
    else known.set(flagName(key), { key, sets: "true" }).set(`no-${flagName(key)}`, { key, sets: "false" });
  }
  const letters = new Map(Object.entries(shortNames).map(([letter, key]) => [flagName(key), letter]));
  const { tokens } = parseArgs({
    args: withBareValues(typed, options),
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      Array.from(known, ([name, { sets }]) => {
        const short = letters.get(name);
        return [name, { type: sets === undefined ? "string" : "boolean", ...(short === undefined ? {} : { short }) }];
      }),
    ),
  });
  const words: string[] = [];
  const given: TypedOption[] = [];
  const unknown: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName: flag, value, inlineValue } = token;
    const option = known.get(name);
    if (option === undefined) unknown.push(flag);
    else if (option.sets !== undefined) {
      given.push({ flag, key: option.key, value: option.sets, ...(value === undefined ? {} : { surplus: value }) });
    } else if (value !== undefined && (inlineValue || isValue(value))) given.push({ flag, key: option.key, value });
    else given.push({ flag, key: option.key });
  }
  return { words, options: given, unknown };
}

/** Writes out what an option stands for that may stand alone, and that nothing follows which could be its value. */
function withBareValues(typed: readonly string[], options: Options): string[] {
  const bare = new Map<string, string>(
    Object.entries(options).flatMap(([key, option]) =>
      option.kind === "text" && option.bare !== undefined ? [[`--${flagName(key)}`, option.bare] as const] : [],
    ),
  );
  const end = typed.includes("--") ? typed.indexOf("--") : typed.length;
  return typed.map((word, at) => {
    const value = at < end ? bare.get(word) : undefined;
    const next = typed[at + 1];
    return value === undefined || (next !== undefined && isValue(next)) ? word : `${word}=${value}`;
  });
}

interface KnownFlag {
  readonly key: string;
  /** What a flag says; absent for an option that takes a value. */
  readonly sets?: "true" | "false";
}

/** Whether what follows an option is its value: a lone dash and a negative number are. */
function isValue(text: string): boolean {
  return !text.startsWith("-") || /^-(\.?\d|$)/.test(text);
}
