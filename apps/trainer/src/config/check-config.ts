import { InvalidConfigError, describeValue, nearestName } from "@featuremap/tensor";
import { UsageError } from "../terminal/exit-codes.ts";
import { type CommandDescription, commandPlace, commandsOf, firstWords } from "../options/command.ts";
import { didYouMean } from "../options/names.ts";
import type { Argument, Options } from "../options/option.ts";
import { faultOfWritten, valueFromFile } from "../options/read-value.ts";
import { sharedOptions } from "../options/shared.ts";

/** A value of the config file that was found right. */
export interface FileValue {
  readonly value: unknown;
  /** Where it stands: "train.epochs". */
  readonly place: string;
}

/** A config file whose every entry was checked. */
export interface CheckedConfig {
  /** As messages name it. */
  readonly name: string;
  /** What it says of one command. */
  readonly of: (command: string) => {
    readonly options: ReadonlyMap<string, FileValue>;
    /** The words after the command's name. */
    readonly arguments: ReadonlyMap<string, readonly string[]>;
  };
}

/**
 * Checks all that a config file holds, of other commands too: what is wrong is told when it is written, not when it is
 * needed.
 *
 * @param name the file as messages name it
 * @throws {UsageError} A key is unknown.
 * @throws {InvalidConfigError} A value is of another kind, or outside its range.
 */
export function checkConfig(name: string, content: unknown, commands: readonly CommandDescription[]): CheckedConfig {
  const shared = new Map<string, FileValue>();
  const sections = new Map<string, Section>();
  for (const [key, value] of entriesOf(name, "what it holds", content)) {
    const command = commands.find((each) => each.name === key && commandPlace(each) === key);
    const ofSubject = commandsOf(key, commands);
    if (command !== undefined) sections.set(key, readSection(name, command, value));
    else if (ofSubject.size > 0) {
      for (const [word, inner] of entriesOf(name, key, value)) {
        const called = ofSubject.get(word);
        if (called === undefined) throw unknownOfSubject(name, key, word, [...ofSubject.keys()]);
        sections.set(called.name, readSection(name, called, inner));
      }
    } else if (Object.hasOwn(sharedOptions, key)) shared.set(key, readOption(name, sharedOptions, key, key, value));
    else throw unknownKey(name, key, commands);
  }
  return {
    name,
    of(command) {
      const section = sections.get(command);
      return {
        options: new Map([...shared, ...(section?.options ?? [])]),
        arguments: section?.arguments ?? new Map<string, readonly string[]>(),
      };
    },
  };
}

interface Section {
  readonly options: Map<string, FileValue>;
  readonly arguments: Map<string, readonly string[]>;
}

function readSection(name: string, command: CommandDescription, content: unknown): Section {
  const section: Section = { options: new Map(), arguments: new Map() };
  for (const [key, value] of entriesOf(name, commandPlace(command), content)) {
    const place = `${commandPlace(command)}.${key}`;
    const argument = command.arguments.find((each) => each.name === key);
    if (argument !== undefined) section.arguments.set(key, readArgument(name, argument, place, value));
    else if (Object.hasOwn(command.options, key)) {
      section.options.set(key, readOption(name, command.options, key, place, value));
    } else {
      const known = [...command.arguments.map((each) => each.name), ...Object.keys(command.options)];
      const hint = didYouMean(nearestName(key, known));
      throw new UsageError(
        `${name}: ${command.name} has no option ${describeValue(key)}${hint}. See featuremap ${command.name} --help.`,
      );
    }
  }
  return section;
}

/** What is undefined was left out, as by `epochs: process.env.CI ? 1 : undefined`. */
function entriesOf(name: string, place: string, content: unknown): [string, unknown][] {
  if (
    typeof content !== "object" ||
    content === null ||
    Object.prototype.toString.call(content) !== "[object Object]"
  ) {
    throw new InvalidConfigError(name, place, "an object of options", content);
  }
  return Object.entries(content).filter(([, value]) => value !== undefined);
}

function readOption(name: string, options: Options, key: string, place: string, written: unknown): FileValue {
  const option = options[key];
  const value = option === undefined ? undefined : valueFromFile(option, written);
  if (option === undefined) throw new InvalidConfigError(name, place, "declared", written);
  if (value === undefined) {
    const { part, expected, received } = faultOfWritten(option, written);
    throw new InvalidConfigError(name, part === undefined ? place : `${place}.${part}`, expected, received);
  }
  return { value, place };
}

function readArgument(name: string, { rest, choices }: Argument, place: string, written: unknown): readonly string[] {
  const words: readonly unknown[] = rest === true && Array.isArray(written) ? written : [written];
  const isRight = (word: unknown): word is string =>
    typeof word === "string" && word !== "" && (choices?.includes(word) ?? true);
  if (words.length > 0 && words.every(isRight)) return words;
  const one = choices === undefined ? "text that is not empty" : `one of ${choices.join(", ")}`;
  throw new InvalidConfigError(name, place, rest === true ? "a list of texts that are not empty" : one, written);
}

function unknownKey(name: string, key: string, commands: readonly CommandDescription[]): UsageError {
  const owners = commands.filter(({ options }) => Object.hasOwn(options, key)).map(commandPlace);
  if (owners.length > 0) {
    return new UsageError(`${name}: ${key} must stand in the section of a command (${owners.join(", ")}).`);
  }
  const known = [...firstWords(commands), ...Object.keys(sharedOptions)];
  const hint = didYouMean(nearestName(key, known));
  return new UsageError(`${name}: there is no command or shared option ${describeValue(key)}${hint}.`);
}

function unknownOfSubject(name: string, subject: string, word: string, known: readonly string[]): UsageError {
  const hint = didYouMean(nearestName(word, known));
  return new UsageError(
    `${name}: ${subject} has no command ${describeValue(word)}${hint}; it has ${known.join(", ")}.`,
  );
}
