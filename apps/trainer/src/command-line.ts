import { join } from "node:path";
import { InvalidConfigError, describeValue, nearestName } from "@featuremap/tensor";
import { type CheckedConfig, checkConfig } from "./config/check-config.ts";
import { findConfig } from "./config/find-config.ts";
import { loadConfig } from "./config/load-config.ts";
import { printConfig, printConfigJson } from "./config/print-config.ts";
import {
  type Environment,
  requireWords,
  resolveOptions,
  resolveWords,
  strayVariables,
  typedValue,
} from "./config/resolve-options.ts";
import { withoutSpareThreads } from "./config/spare-threads.ts";
import { type Command, commands } from "./commands/declare-commands.ts";
import { explainDevice } from "./device/explain-device.ts";
import { commandHelp, programHelp, subjectHelp } from "./options/help.ts";
import { textWidth } from "./terminal/wrap.ts";
import { StoppedError, UsageError, exitCodes } from "./terminal/exit-codes.ts";
import { commandWords, commandsOf, firstWords } from "./options/command.ts";
import { globalOptions } from "./options/global.ts";
import { didYouMean, flagName, variableName } from "./options/names.ts";
import type { Option, Options } from "./options/option.ts";
import { type ParsedWords, parseWords } from "./options/parse-words.ts";
import { printLine, printText } from "./terminal/print.ts";
import type { Terminal } from "./terminal/terminal.ts";

const name = "featuremap";

/** What a command line is run with. */
export interface Surroundings {
  /** Of this package; printed by `--version`. */
  readonly version: string;
  readonly environment: Environment;
  /** Where the command runs and its config file is looked for. */
  readonly folder: string;
  readonly terminal: Terminal;
}

/**
 * Runs one command line.
 *
 * @param typed what was typed after `featuremap`
 * @returns the exit code: 0 success, 1 failure, 2 wrong use, 130 and the like after a signal; with 1 and 2, standard error
 *   says why
 */
export async function runCommandLine(typed: readonly string[], surroundings: Surroundings): Promise<number> {
  const { terminal, version } = surroundings;
  try {
    const command = findCommand(typed);
    const parsed = parseWords(typed, { ...(command?.options ?? optionsOfAll()), ...globalOptions });
    if (asksFor("help", parsed)) {
      const width = textWidth(terminal.output.columns);
      printText(terminal.output, command === undefined ? helpOf(parsed.words, width) : commandHelp(command, width));
      return exitCodes.success;
    }
    if (asksFor("version", parsed)) {
      printLine(terminal.output, `${name}/${version} ${process.platform}-${process.arch} node-${process.version}`);
      return exitCodes.success;
    }
    if (command === undefined) throw unknownCommand(parsed.words);
    refuseUnknownOptions(command, parsed);
    const words = parsed.words.slice(commandWords(command).length);
    return await runCommand(command, { ...parsed, words }, surroundings);
  } catch (thrown) {
    const error = explainDevice(thrown);
    // Whoever leaves before the end wants to hear no more.
    if (error instanceof StoppedError && error.exitCode === exitCodes.readerGone) return error.exitCode;
    printLine(terminal.error, `${name}: ${oneLine(error)}`);
    if (error instanceof StoppedError) return error.exitCode;
    const isWrongUse = error instanceof InvalidConfigError || error instanceof UsageError;
    return isWrongUse ? exitCodes.wrongUse : exitCodes.failure;
  }
}

async function runCommand(command: Command, typed: ParsedWords, surroundings: Surroundings): Promise<number> {
  const { environment, folder, terminal, version } = surroundings;
  const owner = command.name;
  const printsConfig = typedValue(owner, "printConfig", globalOptions.printConfig, typed.options) === true;
  const { file, resumed } = await openConfig(command, typed, surroundings);
  const resolvedWords = resolveWords(command, typed.words, file);
  if (!printsConfig) requireWords(command, resolvedWords);
  const options = withoutSpareThreads(resolveOptions(command, { typed, environment, file }));
  for (const warning of strayVariables(environment, commands)) printLine(terminal.error, `${name}: ${warning}`);
  const values: Record<string, unknown> = Object.fromEntries(options.map(({ key, value }) => [key, value]));
  if (resumed !== undefined) values["resume"] = resumed;
  if (printsConfig) {
    const report = { command: command.name, file, words: resolvedWords, options };
    if (values["json"] === true) printConfigJson(terminal.output, report);
    else printConfig(terminal.output, report);
    return exitCodes.success;
  }
  const run = await command.start(values);
  try {
    return await run({ words: resolvedWords.words, version, commands, folder, terminal });
  } catch (error) {
    throw asTyped(error, command);
  }
}

async function openConfig(
  command: Command,
  typed: ParsedWords,
  { environment, folder }: Surroundings,
): Promise<{ readonly file: CheckedConfig | undefined; readonly resumed: string | undefined }> {
  const asked = (key: string, option: Option | undefined): string | undefined => {
    if (option === undefined) return undefined;
    const value = typedValue(command.name, key, option, typed.options) ?? environment[variableName(key)];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const named = asked("config", globalOptions.config);
  const { resumes } = command;
  const resume = asked("resume", command.options["resume"]);
  if (resume !== undefined && named !== undefined) {
    throw new UsageError(`${command.name}: give --resume or --config: a resumed run has its own ${resumes?.file}.`);
  }
  const find = resume === undefined ? undefined : await resumes?.find();
  const resumed = resume === undefined ? undefined : await find?.(resume, typed.words[0], folder);
  const path = named ?? (resumed === undefined ? await findConfig(folder) : join(resumed, resumes?.file ?? ""));
  const file = path === undefined ? undefined : checkConfig(path, await loadConfig(path, folder), commands);
  return { file, resumed };
}

/** The command whose name is the first word, or the first two. */
function findCommand(typed: readonly string[]): Command | undefined {
  const { words } = parseWords(typed, { ...optionsOfAll(), ...globalOptions });
  return commands.find((command) => commandWords(command).every((word, at) => words[at] === word));
}

/** What there is to say where no command was named: of all, or of those of a subject. */
function helpOf([subject = ""]: readonly string[], width: number): string {
  const ofSubject = [...commandsOf(subject, commands).values()];
  return ofSubject.length === 0 ? programHelp(commands, width) : subjectHelp(subject, ofSubject, width);
}

function optionsOfAll(): Options {
  return Object.assign({}, ...commands.map(({ options }) => options)) as Options;
}

function asksFor(key: "help" | "version", { options }: ParsedWords): boolean {
  return options.some((option) => option.key === key && option.value === "true");
}

function unknownCommand([first, second]: readonly string[]): UsageError {
  const ofSubject = [...commandsOf(first ?? "", commands).keys()];
  const [known, typed, owner] = ofSubject.length === 0 ? [firstWords(commands), first, ""] : [ofSubject, second, first];
  const what =
    typed === undefined
      ? "no command was given"
      : `there is no command ${describeValue(typed)}${didYouMean(nearestName(typed, known))}`;
  const [before, call] = owner === "" ? ["", "featuremap"] : [`${owner}: `, `featuremap ${owner}`];
  return new UsageError(`${before}${what}; there are ${known.join(", ")}. See ${call} --help.`);
}

function refuseUnknownOptions(command: Command, { unknown: [unknown] }: ParsedWords): void {
  if (unknown === undefined) return;
  const known = Object.keys({ ...command.options, ...globalOptions }).map(flagName);
  const near = nearestName(unknown.replace(/^-+/, ""), known);
  const hint = didYouMean(near === undefined ? undefined : `--${near}`);
  throw new UsageError(`${command.name}: there is no option ${unknown}${hint}. See featuremap ${command.name} --help.`);
}

/** What a package says of its option, said of the option of the command that it came from. */
function asTyped(error: unknown, { name: owner, options }: Command): unknown {
  if (!(error instanceof InvalidConfigError) || !Object.hasOwn(options, error.option)) return error;
  const begin = new RegExp(String.raw`^[\w.]+: ${error.option} must be `);
  if (!begin.test(error.message)) return error;
  const option = `--${flagName(error.option)}`;
  return new UsageError(error.message.replace(begin, `${owner}: ${option} must be `), { cause: error });
}

function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // Only those who call the packages can change these, and know the steps of their own data sets.
  const said = message
    .replace(" (damagedShare)", "")
    .replace(" (maxPixels raises it)", "")
    .replace(/^Dataset\.\w+: element \d+: /, "");
  return said.trim().replaceAll(/\s*\n\s*/g, " ");
}
