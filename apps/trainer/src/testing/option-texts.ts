import * as fc from "fast-check";
import type { Option, SpaceOption } from "../options/option.ts";

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
    case "space":
      return fc
        .subarray(Object.keys(option.of), { minLength: 1, maxLength: 3 })
        .chain((keys) => fc.tuple(...keys.map((key) => entryTexts(key, option))))
        .map((entries) => entries.join(" "));
    default:
      return anyText;
  }
}

function entryTexts(key: string, { of, ranges }: SpaceOption): fc.Arbitrary<string> {
  const each = of[key] ?? { kind: "text", group: "", description: "" };
  const values = optionTexts(each).filter((text) => !/[\s,]/.test(text));
  const list = fc.uniqueArray(values, { minLength: 1, maxLength: 3 }).map((texts) => `${key}=${texts.join(",")}`);
  const isDrawn = ranges === true && each.kind === "number" && each.below === undefined && each.maximum === undefined;
  return isDrawn ? fc.oneof(list, fc.constantFrom(`${key}=0.25..0.5`, `${key}=1e-4..0.1:log`)) : list;
}

const pixels = fc.integer({ min: 1, max: 2048 });
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
