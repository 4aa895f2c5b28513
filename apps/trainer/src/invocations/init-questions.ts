import { isCancel, select, text } from "@clack/prompts";
import type { FeaturemapConfig } from "../config/define-config.ts";
import type { Option } from "../options/option.ts";
import { expectedValue, valueFromText } from "../options/read-value.ts";
import { deviceOptions } from "../options/shared.ts";
import { trainArguments, trainOptions } from "../options/train.ts";
import type { Terminal } from "../terminal/terminal.ts";

/**
 * Asks for what a training needs most; an empty answer leaves an option as it is.
 *
 * @returns undefined where it was ended by Ctrl-C or Escape
 */
export async function askForConfig(where: NonNullable<Terminal["dialogue"]>): Promise<FeaturemapConfig | undefined> {
  const choose = async <Choice extends string>(
    message: string,
    choices: readonly Choice[],
  ): Promise<Choice | undefined> => {
    const options = choices.map((value) => ({ value: value as string, label: value }));
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
  const data = await choose("What is to be trained?", trainArguments[0].suggestions);
  if (data === undefined) return undefined;
  const epochs = await ask("How many passes over the training images?", trainOptions.epochs);
  if (epochs === undefined) return undefined;
  const batchSize = await ask("How many images a step?", trainOptions.batchSize);
  if (batchSize === undefined) return undefined;
  const device = await choose("What computes?", deviceOptions.device.choices);
  if (device === undefined) return undefined;
  return { device, train: { data, epochs: epochs.value, batchSize: batchSize.value } };
}

/** Without a value where nothing was typed. */
interface Answer {
  readonly value?: number;
}
