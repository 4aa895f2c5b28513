import * as fc from "fast-check";
import { expect, test } from "vitest";
import { commands } from "../commands/declare-commands.ts";
import type { CommandDescription } from "../options/command.ts";
import { valueFromText } from "../options/read-value.ts";
import { augmentationOptions } from "../options/commands/augmentation.ts";
import { dataOptions, learningOptions, runOptions } from "../options/commands/training.ts";
import { optionTexts } from "../testing/option-texts.ts";
import { checkConfig } from "./check-config.ts";
import { resolveOptions, resolveWords } from "./resolve-options.ts";
import { runConfig } from "./run-config.ts";

const toCome = { ...learningOptions, ...augmentationOptions, ...dataOptions, ...runOptions };
const described: readonly CommandDescription[] = commands.map((command) =>
  command.name === "train" ? { ...command, options: { ...toCome, ...command.options } } : command,
);

test("what a run's config.json holds comes out of it again", () => {
  const train = described.find(({ name }) => name === "train");
  expect(train).toBeDefined();
  if (train === undefined) return;
  const texts = Object.fromEntries(
    Object.entries(train.options).map(([key, option]) => [key, fc.option(optionTexts(option), { nil: undefined })]),
  );
  fc.assert(
    fc.property(fc.record(texts), (typed) => {
      const values = Object.fromEntries(
        Object.entries(train.options).map(([key, option]) => {
          const text = typed[key];
          return [key, text === undefined ? undefined : valueFromText(option, text)] as const;
        }),
      );
      const text = runConfig("train", { data: "mnist" }, { ...values, other: 7 }, train.options);
      const file = checkConfig("config.json", JSON.parse(text), described);
      const nothing = { words: [], options: [], unknown: [] };
      const found = resolveOptions(train, { typed: nothing, environment: {}, file });
      const given = found.filter(({ origin }) => origin === "file").map(({ key, value }) => [key, value] as const);
      const said = Object.entries(values).filter(([, value]) => value !== undefined);
      expect(Object.fromEntries(given)).toEqual(Object.fromEntries(said));
      expect(resolveWords(train, [], file).words).toEqual(["mnist"]);
    }),
  );
});
