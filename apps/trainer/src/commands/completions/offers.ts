import { type CommandDescription, commandsOf, firstWords } from "../../options/command.ts";
import { flagName } from "../../options/names.ts";
import type { Argument, Completion, Option, Options, SpaceOption } from "../../options/option.ts";

/** What a shell offers where a value or a word is to be typed. */
export interface Offers {
  readonly words: readonly string[];
  /** Names of the file system, besides the words. */
  readonly names?: Completion;
}

/** What may be typed after an option. */
export function optionOffers(option: Option): Offers {
  if (option.kind === "text") {
    const { suggestions = [], completes } = option;
    return { words: suggestions, ...(completes === undefined ? {} : { names: completes }) };
  }
  if ("choices" in option) return { words: option.choices };
  return { words: ("words" in option ? option.words : undefined) ?? [] };
}

/** What may be typed for an argument. */
export function argumentOffers({ choices, suggestions, completes }: Argument): Offers {
  return {
    words: choices ?? suggestions ?? [],
    ...(completes === undefined ? {} : { names: completes }),
  };
}

/** What may be typed behind `--grid`: a name, and behind its `=` values with commas between. */
export interface EntryOffers extends Offers {
  /** As a flag is written. */
  readonly name: string;
  /** As the config file has it. */
  readonly key: string;
}

/** What may be typed for an option whose value names others. */
export function entryOffers({ of }: SpaceOption): EntryOffers[] {
  return Object.entries(of).map(([key, option]) => ({ name: flagName(key), key, ...optionOffers(option) }));
}

/** Every option whose value names others, by its flag; one of a name has the same in all commands. */
export function spacesOf(commands: readonly CommandDescription[]): ReadonlyMap<string, readonly EntryOffers[]> {
  return new Map(
    commands.flatMap(({ options }) =>
      Object.entries(options).flatMap(([key, option]) =>
        option.kind === "space" ? [[flagName(key), entryOffers(option)] as const] : [],
      ),
    ),
  );
}

/** An option as it is typed; a flag that holds by itself as what turns it off. */
export function offeredFlag(key: string, option: Option): string {
  return option.kind === "flag" && option.default === true ? `--no-${flagName(key)}` : `--${flagName(key)}`;
}

/** Options that take a value, as they are typed. */
export function flagsWithValue(options: Options): string[] {
  return Object.entries(options).flatMap(([key, option]) => (option.kind === "flag" ? [] : [`--${flagName(key)}`]));
}

/** Text between single quotes, where only they mean something. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** What follows a first word that is not a command by itself. */
export interface Subject {
  readonly name: string;
  /** The second words, and the commands that they make. */
  readonly commands: readonly (readonly [word: string, command: CommandDescription])[];
}

/** First words that need a second: `data`. */
export function subjectsOf(commands: readonly CommandDescription[]): Subject[] {
  return firstWords(commands).flatMap((name) => {
    const ofSubject = [...commandsOf(name, commands)];
    return ofSubject.length === 0 ? [] : [{ name, commands: ofSubject }];
  });
}
