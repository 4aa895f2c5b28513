import { InvalidConfigError, Option } from "@featuremap/tensor";

/** A number of at least 0 and less than 1. */
export function fractionOption(): Option<number> {
  return Option.within("in [0, 1)", (value) => value >= 0 && value < 1);
}

/** A finite number above 0. */
export function positiveOption(): Option<number> {
  return Option.within("a positive number", (value) => value > 0 && Number.isFinite(value));
}

/** A number, which may be infinite. */
export function anyNumberOption(): Option<number> {
  return Option.within("a number", (value) => !Number.isNaN(value));
}

/** An integer, which may be negative. */
export function anyIntegerOption(): Option<number> {
  return Option.within("an integer", Number.isInteger);
}

/** Any text. */
export function textOption(): Option<string> {
  return Option.plain({ expected: "text", accepts: (value) => typeof value === "string" });
}

/** A function, which saved objects cannot hold. */
export function functionOption<Value>(): Option<Value> {
  return Option.plain<Value>({ expected: "a function", accepts: (value) => typeof value === "function" }).savedAs(null);
}

/** One of a few words, which saved objects hold as they are. */
export function choiceOption<Word extends string>(...words: readonly Word[]): Option<Word> {
  const expected = [words.slice(0, -1).join(", "), words.at(-1)].join(" or ");
  return Option.plain({ expected, accepts: (value) => words.some((word) => word === value) });
}

/** What to call the object; without it, what its class is usually called. */
export const nameOption: Option<string | undefined, string> = textOption().default(undefined);

/** A number, or a list of them, of which a copy is kept. @param expected in words, for errors */
export function oneOrMoreOption(
  expected: string,
  accepts: (value: number) => boolean,
): Option<number | readonly number[]> {
  const one = Option.within(expected, accepts);
  const more = numbersOption(expected, (numbers) => numbers.length > 0 && numbers.every(accepts));
  const kindOf = (value: unknown): typeof one | typeof more => (Array.isArray(value) ? more : one);
  return new Option<number | readonly number[]>({
    check: (owner, name, given: never) => kindOf(given).check(owner, name, given),
    read: (saved, key) => kindOf(saved.take(key)).kind.read(saved, key),
    write: (value) => value,
  });
}

/** A list of numbers, of which a copy is kept. @param expected in words, for errors */
export function numbersOption(
  expected: string,
  accepts: (numbers: readonly number[]) => boolean,
): Option<readonly number[]> {
  const areNumbers = (value: unknown): value is readonly number[] =>
    Array.isArray(value) && value.every((each) => typeof each === "number");
  return new Option<readonly number[]>({
    check: (owner, name, given: unknown) => {
      if (areNumbers(given) && accepts(given)) return [...given];
      throw new InvalidConfigError(owner, name, expected, given);
    },
    read: (saved, key) => {
      const value = saved.take(key);
      return areNumbers(value) ? value : saved.fail(key, "a list of numbers", value);
    },
    write: (value) => value,
  });
}
