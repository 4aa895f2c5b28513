import { InvalidConfigError } from "@featuremap/tensor";

/** Options as the parser gives them: text, numbers where it looks like one, `true` for a bare flag. */
export type RawOptions = Readonly<Record<string, unknown>>;

/** @returns the words with every negative number joined to the option before it, which would else be an option itself */
export function joinNegativeNumbers(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of words) {
    const last = joined.at(-1);
    if (last !== undefined && /^-\d/.test(word) && /^--[^=]+$/.test(last))
      joined[joined.length - 1] = `${last}=${word}`;
    else joined.push(word);
  }
  return joined;
}

/** Reads the options of one command, and says which of them is wrong. */
export interface OptionReader {
  /** An integer in [minimum, maximum]. */
  integer(name: string, minimum: number, maximum?: number): number | undefined;
  /** A finite number above 0. */
  positive(name: string): number | undefined;
  text(name: string): string | undefined;
  oneOf<const Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined;
  flag(name: string): boolean;
}

/**
 * A reader for one command's options; an absent option is `undefined`.
 *
 * Every method throws {@link InvalidConfigError} when the value is of another kind, outside the range, or given twice.
 *
 * @param command for messages: "train"
 * @param words what was typed, since the parser makes 7 of "007" and 0 of an empty text
 */
export function readOptions(command: string, options: RawOptions, words: readonly string[] = []): OptionReader {
  const fail = (name: string, expected: string, received = options[camelCase(name)]): never => {
    throw new InvalidConfigError(command, `--${name}`, expected, received);
  };
  const single = (name: string): unknown => {
    const value = options[camelCase(name)];
    if (Array.isArray(value)) return fail(name, "given once");
    // The parser makes a number of the empty text.
    return value !== undefined && typed(words, name) === "" ? fail(name, "given a value", "") : value;
  };
  const text = (name: string): string | undefined => {
    const value = single(name);
    if (value === undefined) return undefined;
    if (typeof value !== "string" && typeof value !== "number") return fail(name, "given a value");
    return typed(words, name) ?? String(value);
  };
  return {
    integer(name, minimum, maximum = Number.MAX_SAFE_INTEGER) {
      const value = single(name);
      if (value === undefined) return undefined;
      if (Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum) return Number(value);
      const range = maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `in [${minimum}, ${maximum}]`;
      return fail(name, `an integer ${range}`);
    },
    positive(name) {
      const value = single(name);
      if (value === undefined) return undefined;
      return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : fail(name, "a number above 0");
    },
    text,
    oneOf(name, choices) {
      const value = text(name);
      if (value === undefined) return undefined;
      return choices.find((choice) => choice === value) ?? fail(name, `one of ${choices.join(", ")}`);
    },
    flag(name) {
      const value = single(name);
      return value === undefined || typeof value === "boolean" ? value === true : fail(name, "given without a value");
    },
  };
}

/** The value of an option exactly as it was typed. */
function typed(words: readonly string[], name: string): string | undefined {
  const at = words.findIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  const word = words[at];
  return word === `--${name}` ? words[at + 1] : word?.slice(name.length + 3);
}

function camelCase(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
