import * as fc from "fast-check";
import type { Option } from "../options/option.ts";

/** What may be typed for an option, awkward things too. */
export function optionTexts(option: Option): fc.Arbitrary<string> {
  switch (option.kind) {
    case "integer": {
      const { minimum: min, maximum: max = Number.MAX_SAFE_INTEGER } = option;
      return orWords(fc.integer({ min: Math.max(min, -1e9), max: Math.min(max, 1e9) }).map(String), option.words);
    }
    case "number": {
      const low = option.above ?? option.minimum ?? -1e9;
      const high = option.below ?? option.maximum ?? 1e9;
      const range = { min: low, max: high, minExcluded: option.above !== undefined, noNaN: true };
      return orWords(fc.double({ ...range, maxExcluded: option.below !== undefined }).map(String), option.words);
    }
    case "choice":
      return fc.constantFrom(...option.choices);
    case "flag":
      return fc.constantFrom("true", "false");
    case "list": {
      const entry = option.choices === undefined ? anyText.filter((text) => !text.includes(",")) : undefined;
      return fc.array(entry ?? fc.constantFrom(...(option.choices ?? [])), { minLength: 1, maxLength: 4 }).map(String);
    }
    case "duration":
      return fc.tuple(fc.nat(99), fc.nat(99), fc.integer({ min: 1, max: 99 })).map(([h, m, s]) => `${h}h${m}m${s}s`);
    case "size":
      return orWords(
        fc.tuple(pixels, pixels).map((pair) => pair.join("x")),
        option.words,
      );
    default:
      return anyText;
  }
}

const pixels = fc.integer({ min: 1, max: 9999 });
const awkward = [
  "-",
  "--",
  "-x",
  "--json",
  "a=b",
  "=",
  " ",
  "'",
  '"',
  "$HOME",
  "*",
  "a b",
  "größer 図",
  "\n",
  "\\",
  "true",
];
const anyText = fc.oneof(fc.constantFrom(...awkward), fc.string({ minLength: 1, unit: "grapheme" }));

function orWords(texts: fc.Arbitrary<string>, words: readonly string[] = []): fc.Arbitrary<string> {
  return words.length === 0 ? texts : fc.oneof(texts, fc.constantFrom(...words));
}
