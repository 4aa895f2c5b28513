import { InvalidConfigError, Option } from "@featuremap/tensor";

/** A number of at least 0 and less than 1. */
export function fractionOption(): Option<number> {
  return Option.within("in [0, 1)", (value) => value >= 0 && value < 1);
}

/** A finite number above 0. */
export function positiveOption(): Option<number> {
  return Option.within("a positive number", (value) => value > 0 && Number.isFinite(value));
}

/** What to call the object; without it, what its class is usually called. */
export const nameOption: Option<string | undefined, string> = Option.plain<string>({
  expected: "text",
  accepts: (value) => typeof value === "string",
}).default(undefined);

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
