import { Option, type Padding } from "@featuremap/tensor";
import { type DataFormat, type InEitherCase, commonPaddings } from "./options.ts";
import { type KerasName, pythonName } from "./keras-object.ts";
import { type Lengths, type Size, type SpatialRank, requireLengths } from "./spatial.ts";

/** An integer for each spatial axis, or one for all. */
export function lengthsOption<Rank extends SpatialRank>(rank: Rank, least = 1): Option<Size<Rank>, Lengths<Rank>> {
  return new Option<Size<Rank>, Lengths<Rank>>({
    check: (owner, name, given: Size<Rank>) => requireLengths(owner, name, given, rank, least),
    read: (saved, key) => {
      const value = saved.take(key);
      const list: unknown = Array.isArray(value) && value.length === rank ? value : [value];
      if ((list as readonly unknown[]).every(Number.isFinite)) return value;
      return saved.fail(key, rank === 1 ? "a number" : `a number or ${rank}`, value);
    },
    write: (value) => value,
  });
}

/** What is put around an input; `valid`, which is nothing, by default. */
export function paddingOption(): Option<InEitherCase<Padding> | undefined, Padding> {
  const expected = commonPaddings.map((each) => `"${each}"`).join(" or ");
  const find = (given: InEitherCase<Padding>): Padding | undefined =>
    commonPaddings.find((each) => typeof given === "string" && each === given.toLowerCase());
  return Option.word(commonPaddings, expected, { find, refusesNull: false }).default("valid");
}

const dataFormats: readonly DataFormat[] = ["channelsLast", "channelsFirst"];

/** Where the channels are; last by default. */
export function dataFormatOption(): Option<KerasName<DataFormat> | undefined, DataFormat> {
  const find = (given: KerasName<DataFormat>): DataFormat | undefined =>
    dataFormats.find((each) => each === given || pythonName(each) === given);
  return Option.word(dataFormats, '"channelsLast" or "channelsFirst"', { find }).default("channelsLast");
}

/** Starts a random stream of the layer's own; `null` by default, for the model's. */
export function seedOption(): Option<number | null | undefined, number | null> {
  const isSeed = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < 2 ** 32;
  return Option.within("an integer in [0, 2^32)", isSeed).orNull();
}
