import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commands } from "../commands/declare-commands.ts";
import { type CommandDescription, commandPlace, commandWords } from "../options/command.ts";
import { flagName, variableName } from "../options/names.ts";
import type { Option } from "../options/option.ts";
import { valueFromText, writtenValue } from "../options/read-value.ts";
import { augmentationOptions } from "../options/commands/augmentation.ts";
import { dataOptions, learningOptions, runOptions } from "../options/commands/training.ts";
import { parseWords } from "../options/parse-words.ts";
import { optionTexts } from "../testing/option-texts.ts";
import { checkConfig } from "./check-config.ts";
import { type ResolvedOption, resolveOptions, strayVariables } from "./resolve-options.ts";

const toCome: CommandDescription = {
  name: "train",
  summary: "",
  arguments: [],
  options: { ...learningOptions, ...augmentationOptions, ...dataOptions, ...runOptions },
  examples: [],
};
const described = [...commands, toCome];

interface Said {
  readonly flag?: string;
  readonly environment?: string;
  readonly file?: string;
}

/** What holds for one option where its value is said in some places. */
function resolve(command: CommandDescription, key: string, option: Option, said: Said): ResolvedOption | undefined {
  const { flag, environment, file } = said;
  const typed = flag === undefined ? [] : [typedFlag(key, option, flag)];
  const written = file === undefined ? {} : { [key]: writtenValue(option, valueFromText(option, file)) };
  const content: unknown = JSON.parse(
    JSON.stringify(commandWords(command).reduceRight<object>((inner, word) => ({ [word]: inner }), written)),
  );
  return resolveOptions(command, {
    typed: parseWords(typed, command.options),
    environment: environment === undefined ? {} : { [variableName(key)]: environment },
    file: checkConfig("featuremap.config.json", content, [command]),
  }).find((each) => each.key === key);
}

function typedFlag(key: string, option: Option, text: string): string {
  if (option.kind !== "flag") return `--${flagName(key)}=${text}`;
  return text === "true" ? `--${flagName(key)}` : `--no-${flagName(key)}`;
}

describe.for(described)("the options of $name", (command) => {
  test.for(Object.entries(command.options))("%s has the same value by flag, variable and file", ([key, option]) => {
    fc.assert(
      fc.property(optionTexts(option), (text) => {
        const value = valueFromText(option, text);
        expect(value).toBeDefined();
        const flag = resolve(command, key, option, { flag: text });
        expect(flag).toEqual({ key, option, value, origin: "flag", place: typedFlag(key, option, text).split("=")[0] });
        const environment = resolve(command, key, option, { environment: text });
        expect(environment).toEqual({ key, option, value, origin: "environment", place: variableName(key) });
        const file = resolve(command, key, option, { file: text });
        expect(file).toEqual({ key, option, value, origin: "file", place: `${commandPlace(command)}.${key}` });
      }),
      { numRuns: 30 },
    );
  });

  test.for(Object.entries(command.options))(
    "%s is by flag, else by variable, else by file, else as it was",
    ([key, option]) => {
      const perhaps = fc.option(optionTexts(option), { nil: undefined });
      fc.assert(
        fc.property(perhaps, perhaps, perhaps, (flag, environment, file) => {
          const strongest = flag ?? environment ?? file;
          const usual = option.kind === "flag" ? (option.default ?? false) : option.default;
          const said = {
            ...(flag === undefined ? {} : { flag }),
            ...(environment === undefined ? {} : { environment }),
            ...(file === undefined ? {} : { file }),
          };
          expect(resolve(command, key, option, said)?.value).toEqual(
            strongest === undefined ? usual : valueFromText(option, strongest),
          );
        }),
        { numRuns: 30 },
      );
    },
  );
});

const [train] = commands;

describe("a variable", () => {
  const resolveVariable = (name: string, text: string): unknown =>
    resolveOptions(train ?? toCome, {
      typed: { words: [], options: [], unknown: [] },
      environment: { [name]: text },
    });

  test("that is empty is none", () => {
    expect(resolveVariable("FEATUREMAP_EPOCHS", "")).toEqual(resolveVariable("OTHER", ""));
  });

  test("that is wrong is named", () => {
    expect(() => resolveVariable("FEATUREMAP_EPOCHS", "many")).toThrow(
      'train: FEATUREMAP_EPOCHS must be an integer of at least 1, received "many".',
    );
    expect(() => resolveVariable("FEATUREMAP_JSON", "yes")).toThrow("FEATUREMAP_JSON must be true or false");
  });

  test("that is misspelt is told; those that are read elsewhere are not", () => {
    const elsewhere = {
      FEATUREMAP_CACHE: "a",
      FEATUREMAP_BUNDLE: "b",
      FEATUREMAP_FUZZ_SEED: "1",
      PATH: "c",
      EPOCHS: "3",
    };
    const read = { FEATUREMAP_EPOCHS: "3", FEATUREMAP_CONFIG: "a.json" };
    expect(strayVariables({ ...elsewhere, ...read }, commands)).toEqual([]);
    expect(strayVariables({ FEATUREMAP_EPOCSH: "3" }, commands)).toEqual([
      "The variable FEATUREMAP_EPOCSH is not read (did you mean FEATUREMAP_EPOCHS?).",
    ]);
  });
});
