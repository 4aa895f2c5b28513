import { InvalidConfigError, Option, type Padding } from "@featuremap/tensor";
import type { ConfigReader } from "./config-reader.ts";
import { type DataFormat, type InEitherCase, commonPaddings } from "./options.ts";
import { type KerasName, pythonName } from "./keras-object.ts";
import { type Lengths, type Size, type SpatialRank } from "./spatial.ts";

/** Lengths that devices can count in 32 bits with a sign. */
const mostLength = 2 ** 31;

/** An integer for each spatial axis, or one for all. */
export function lengthsOption<Rank extends SpatialRank>(rank: Rank, least = 1): Option<Size<Rank>, Lengths<Rank>> {
  const isLengths = (list: unknown): list is Lengths<Rank> =>
    Array.isArray(list) &&
    list.length === rank &&
    list.every((entry) => Number.isInteger(entry) && entry >= least && entry < mostLength);
  return new Option<Size<Rank>, Lengths<Rank>>({
    check: (owner, name, given: Size<Rank>) => {
      const list: unknown = typeof given === "number" ? Array.from({ length: rank }, () => given) : given;
      if (isLengths(list)) return list;
      const more = { 1: "", 2: ", or two of them", 3: ", or three of them" }[rank];
      const limit = [list].flat().some((entry) => typeof entry === "number" && entry >= mostLength)
        ? ", below 2^31"
        : "";
      throw new InvalidConfigError(owner, name, `an integer of at least ${least}${more}${limit}`, given);
    },
    read: (saved: ConfigReader, key) => saved.size(key, rank),
    write: (value) => value,
  });
}

/** What is put around an input; `valid`, which is nothing, by default. */
export function paddingOption(): Option<InEitherCase<Padding> | undefined, Padding> {
  return paddingAmong(commonPaddings);
}

/** The same with words of its own, the first by default. */
export function paddingAmong<Word extends string>(
  words: readonly Word[],
): Option<InEitherCase<Word> | undefined, Word> {
  const expected = words.map((each) => `"${each}"`).join(" or ");
  const find = (given: InEitherCase<Word>): Word | undefined =>
    words.find((each) => typeof given === "string" && each === given.toLowerCase());
  return Option.word(words, expected, { find, refusesNull: false }).default(words[0]);
}

/** Where the channels are; last by default, which `null` means too, as Keras's None does. */
export function dataFormatOption(): Option<KerasName<DataFormat> | undefined, DataFormat> {
  const formats: readonly DataFormat[] = ["channelsLast", "channelsFirst"];
  const find = (given: KerasName<DataFormat>): DataFormat | undefined =>
    formats.find((each) => each === given || pythonName(each) === given);
  const option = Option.word<DataFormat, KerasName<DataFormat>>(formats, '"channelsLast" or "channelsFirst"', {
    find,
    refusesNull: false,
  });
  return option.default("channelsLast");
}

/** Starts a random stream of the layer's own; `null` by default, for the model's. */
export function seedOption(): Option<number | null | undefined, number | null> {
  const isSeed = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < 2 ** 32;
  return Option.within("an integer in [0, 2^32)", isSeed).orNull();
}

/** A key of saved objects that means nothing here: it is read where it has one of these values, and saved with the first. */
export function fixedKey(key: string, ...values: readonly unknown[]): { readonly [name: symbol]: Option<undefined> } {
  const option = new Option<undefined>(
    {
      check: () => undefined,
      read: (saved: ConfigReader) => saved.only(key, ...values),
      write: () => values[0],
    },
    { key },
  );
  return { [Symbol(key)]: option };
}
