import type { CommandName } from "../options/command.ts";
import type { Options } from "../options/option.ts";
import { writtenValue } from "../options/read-value.ts";
import type { CommandConfig } from "./define-config.ts";

/**
 * The text of a run's `config.json`: a config file by which the command does the same again, as in
 * `featuremap train --config runs/mnist/config.json`.
 *
 * @param words what follows the command's name, by the names of its arguments
 * @param values what held, as the command got it; options of none of these names are left out, as is what is undefined
 */
export function runConfig<Name extends CommandName>(
  command: Name,
  words: Partial<CommandConfig<Name>>,
  values: Readonly<Record<string, unknown>>,
  options: Options,
): string {
  const written = Object.entries(options).flatMap(([key, option]) => {
    const value = values[key];
    return value === undefined ? [] : [[key, writtenValue(option, value)] as const];
  });
  return `${JSON.stringify({ [command]: { ...words, ...Object.fromEntries(written) } }, undefined, 2)}\n`;
}
