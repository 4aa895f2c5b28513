import { applicationNames } from "@featuremap/applications";
import { describe, expect, test } from "vitest";
import { commands } from "../commands/declare-commands.ts";
import { networkNames as benchedNames } from "../commands/bench/networks.ts";
import { benchOptions } from "./commands/bench.ts";
import { dataInfoOptions } from "./commands/data.ts";
import { globalOptions } from "./global.ts";
import { flagName, variableName } from "./names.ts";
import type { Option, Options } from "./option.ts";
import { valueFromFile, writtenValue } from "./read-value.ts";
import { sharedOptions } from "./shared.ts";
import { augmentationOptions } from "./commands/augmentation.ts";
import { dataOptions, learningOptions, runOptions } from "./commands/training.ts";

const common = ["kind", "group", "description", "placeholder", "defaultIs", "default"];
const ofKind: Readonly<Record<Option["kind"], readonly string[]>> = {
  integer: ["minimum", "maximum", "words"],
  number: ["above", "minimum", "below", "maximum", "words"],
  text: ["completes", "suggestions", "bare"],
  choice: ["choices"],
  flag: [],
  list: ["choices"],
  duration: [],
  size: ["words"],
  space: ["of", "ranges"],
};

const groups: readonly (readonly [string, Options])[] = [
  ...commands.map(({ name, options }) => [name, options] as const),
  ["general", globalOptions],
  ["training to come", { ...learningOptions, ...augmentationOptions, ...dataOptions, ...runOptions }],
];

describe.for(groups)("the options of %s", ([, options]) => {
  test.for(Object.entries(options))(
    "%s is declared with what its kind has, and in the style of the others",
    ([key, option]) => {
      const known = new Set([...common, ...ofKind[option.kind]]);
      expect(Object.keys(option).filter((property) => !known.has(property))).toEqual([]);
      expect(key).toMatch(/^[a-z][a-zA-Z]*$/);
      expect(option.description).toMatch(/^[a-z].*[^.]$/);
      expect(option.description).not.toMatch(/default/);
      expect(option.group).toMatch(/^[A-Z][a-z]+$/);
    },
  );

  test("a default is a value that could be given", () => {
    const withDefault = Object.values(options).filter((option) => option.default !== undefined);
    expect(withDefault.map((option) => valueFromFile(option, writtenValue(option, option.default)))).toEqual(
      withDefault.map((option) => option.default),
    );
  });
});

test("an option takes a value in all commands or in none, so that its command can be told wherever it stands", () => {
  const isFlag = new Map<string, boolean>();
  for (const [, options] of groups) {
    for (const [key, option] of Object.entries(options)) {
      expect([key, option.kind === "flag"]).toEqual([key, isFlag.get(key) ?? option.kind === "flag"]);
      isFlag.set(key, option.kind === "flag");
    }
  }
});

test("no name means two things", () => {
  const keys = new Set(groups.flatMap(([, options]) => Object.keys(options)));
  // A flag can be told not to hold.
  const typed = [...keys].flatMap((key) => [flagName(key), `no-${flagName(key)}`]);
  expect(new Set(typed).size).toBe(typed.length);
  const names = new Set(commands.map(({ name }) => name as string));
  expect(Object.keys(sharedOptions).filter((key) => names.has(key))).toEqual([]);
  for (const { options, arguments: words } of commands) {
    expect(words.filter(({ name }) => Object.hasOwn(options, name))).toEqual([]);
    expect(Object.keys(options).filter((key) => Object.hasOwn(globalOptions, key))).toEqual([]);
  }
});

test("variables that Featuremap reads otherwise are no option's", () => {
  const keys = new Set(groups.flatMap(([, options]) => Object.keys(options)));
  const variables = new Set([...keys].map(variableName));
  expect(variables).toContain("FEATUREMAP_BATCH_SIZE");
  const taken = ["CACHE", "BUNDLE", "SPECS", "FUZZ_SEED", "FUZZ_CASE", "FUZZ_CASES", "BENCH_CACHE", "BENCH_PYTHON"];
  expect(taken.filter((name) => variables.has(`FEATUREMAP_${name}`))).toEqual([]);
});

test("only the last argument takes all words that are left, and what may be left out comes last", () => {
  for (const { arguments: words } of commands) {
    expect(words.slice(0, -1).some(({ rest }) => rest === true)).toBe(false);
    const firstOptional = words.findIndex(({ required }) => !required);
    expect(firstOptional === -1 || firstOptional === words.length - 1).toBe(true);
  }
});

test("bench offers the networks that there are", () => {
  expect(benchOptions.network.choices).toEqual(benchedNames);
});

test("a shell offers every network that has a name", () => {
  const names = applicationNames().toSorted();
  expect(runOptions.model.suggestions.toSorted()).toEqual(names);
  expect(dataInfoOptions.model.suggestions.toSorted()).toEqual(names);
});
