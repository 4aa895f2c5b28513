import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { isCancel, select, text } from "@clack/prompts";
import type { FeaturemapConfig } from "../../config/define-config.ts";
import { asPath, findClassFolders } from "./find-class-folders.ts";
import type { Option } from "../../options/option.ts";
import { expectedValue, valueFromText } from "../../options/read-value.ts";
import { deviceOptions } from "../../options/shared.ts";
import { trainArguments, trainOptions } from "../../options/commands/train.ts";
import type { Terminal } from "../../terminal/terminal.ts";

/**
 * Asks for what a training needs most; an empty answer leaves an option as it is.
 *
 * @param folder where data of your own are looked for, and their path begins
 * @returns undefined where it was ended by Ctrl-C or Escape
 */
export async function askForConfig(
  where: NonNullable<Terminal["dialogue"]>,
  folder: string,
): Promise<FeaturemapConfig | undefined> {
  const choose = async <Choice extends string>(
    message: string,
    choices: readonly Choice[],
    hints: Readonly<Record<string, string>> = {},
  ): Promise<Choice | undefined> => {
    const options = choices.map((value) => ({ value: value as string, label: value, ...hintOf(hints[value]) }));
    const chosen = await select({ message, options, ...where });
    return choices.find((choice) => choice === chosen);
  };
  const ask = async (message: string, option: Option): Promise<Answer | undefined> => {
    const typed = await text({
      message: `${message} (empty: ${option.defaultIs ?? "as usual"})`,
      validate: (answer = "") =>
        answer === "" || valueFromText(option, answer) !== undefined
          ? undefined
          : `It must be ${expectedValue(option)}.`,
      ...where,
    });
    if (isCancel(typed)) return undefined;
    const value = valueFromText(option, typed ?? "");
    return typeof value === "number" ? { value } : {};
  };
  const named: readonly string[] = trainArguments[0].suggestions;
  const askForData = async (): Promise<string | undefined> => {
    const typed = await text({
      message: "Where are your pictures? (a folder with a folder for each class, a table or an archive)",
      validate: (answer = "") => {
        if (answer.trim() === "") return "It must be a path.";
        return existsSync(resolve(folder, answer.trim())) ? undefined : `There is no ${answer.trim()} in ${folder}.`;
      },
      ...where,
    });
    if (isCancel(typed)) return undefined;
    const path = typed.trim();
    return named.includes(path) ? asPath(path) : path;
  };
  const found = (await findClassFolders(folder)).map(asPath);
  const hints = Object.fromEntries(found.map((path) => [path, "a folder here"]));
  const chosen = await choose("What is to be trained?", [...found, ownData, ...named], hints);
  const data = chosen === ownData ? await askForData() : chosen;
  if (data === undefined) return undefined;
  const epochs = await ask("How many passes over the training images?", trainOptions.epochs);
  if (epochs === undefined) return undefined;
  const batchSize = await ask("How many images per step?", trainOptions.batchSize);
  if (batchSize === undefined) return undefined;
  const device = await choose("What computes?", deviceOptions.device.choices);
  if (device === undefined) return undefined;
  return { device, train: { data, epochs: epochs.value, batchSize: batchSize.value } };
}

/** What stands among the choices for data that are nowhere near. */
const ownData = "pictures of your own";

function hintOf(hint: string | undefined): { readonly hint?: string } {
  return hint === undefined ? {} : { hint };
}

/** Without a value where nothing was typed. */
interface Answer {
  readonly value?: number;
}
