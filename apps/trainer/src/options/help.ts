import { type CommandDescription, commandPlace, commandSynopsis } from "./command.ts";
import { globalOptions, shortNames } from "./global.ts";
import { flagName, variableName } from "./names.ts";
import type { Option, Options } from "./option.ts";
import { placeholderOf, textOfValue } from "./read-value.ts";
import { definitions, wrap } from "../terminal/wrap.ts";

/** What `featuremap --help` prints. */
export function programHelp(commands: readonly CommandDescription[], width: number): string {
  return [
    "Usage: featuremap <command> [options]",
    "",
    "Commands:",
    ...definitions(
      commands.map((command) => [commandSynopsis(command), command.summary]),
      width,
    ),
    ...optionGroups({ help: globalOptions.help, version: globalOptions.version }, width),
    "",
    ...wrap("featuremap <command> --help lists the options of a command.", width),
  ].join("\n");
}

/** What `featuremap data --help` prints. */
export function subjectHelp(subject: string, commands: readonly CommandDescription[], width: number): string {
  return [
    `Usage: featuremap ${subject} <command> [options]`,
    "",
    "Commands:",
    ...definitions(
      commands.map((command) => [commandSynopsis(command), command.summary]),
      width,
    ),
    "",
    ...wrap(`featuremap ${subject} <command> --help lists the options of a command.`, width),
  ].join("\n");
}

/** What `featuremap train --help` prints. */
export function commandHelp(command: CommandDescription, width: number): string {
  const words = command.arguments.map(
    ({ name, description, choices }) => [name, withChoices(description, choices)] as const,
  );
  return [
    `Usage: featuremap ${commandSynopsis(command)} [options]`,
    "",
    ...wrap(`${command.summary}.`, width),
    ...(words.length === 0 ? [] : ["", "Arguments:", ...definitions(words, width)]),
    ...optionGroups({ ...command.options, ...globalOptions }, width),
    "",
    ...wrap(otherPlaces(command), width),
    "",
    "Examples:",
    ...command.examples.map((example) => `  ${example}`),
  ].join("\n");
}

/** An option as it is typed: `--epochs <n>`. A flag is shown as what changes something. */
export function optionSynopsis(key: string, option: Option): string {
  const name = flagName(key);
  if (option.kind === "flag") return option.default === true ? `--no-${name}` : `--${name}`;
  const placeholder = placeholderOf(option);
  return "bare" in option ? `--${name} [${placeholder}]` : `--${name} <${placeholder}>`;
}

/** What an option is for, with its choices and its default. */
export function optionMeaning(option: Option): string {
  const { description, defaultIs } = option;
  const meaning = withChoices(description, "choices" in option ? option.choices : undefined);
  if (option.kind === "flag") return meaning;
  const holds = defaultIs ?? (option.default === undefined ? undefined : textOfValue(option, option.default));
  return holds === undefined ? meaning : `${meaning} (default: ${holds})`;
}

function optionGroups(options: Options, width: number): string[] {
  const entries = Object.entries(options);
  const headings = [...new Set(entries.map(([, { group }]) => group))];
  return headings.flatMap((heading) => {
    const inGroup = entries.filter(([, { group }]) => group === heading);
    const lines = inGroup.map(([key, option]) => [withShort(key, option), optionMeaning(option)] as const);
    return ["", `${heading}:`, ...definitions(lines, width)];
  });
}

function withShort(key: string, option: Option): string {
  const letter = Object.entries(shortNames).find(([, name]) => name === key)?.[0];
  return letter === undefined ? optionSynopsis(key, option) : `-${letter}, ${optionSynopsis(key, option)}`;
}

function withChoices(description: string, choices: readonly string[] | undefined): string {
  if (choices === undefined) return description;
  const last = choices.at(-1) ?? "";
  return `${description}: ${choices.length > 1 ? `${choices.slice(0, -1).join(", ")} or ${last}` : last}`;
}

function otherPlaces({ name, options }: CommandDescription): string {
  const key = Object.keys(options)[0] ?? "";
  const place = commandPlace({ name });
  return (
    `Options also stand in featuremap.config.ts, .js, .json or .yaml (${place}.${key}) and, stronger than there, in ` +
    `variables (${variableName(key)}).`
  );
}
