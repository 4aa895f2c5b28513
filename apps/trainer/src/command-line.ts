import { InvalidConfigError, describeValue, nearestName } from "@featuremap/tensor";
import { type CAC, cac } from "cac";
import { declareCommands } from "./declare-commands.ts";
import { StoppedError, UsageError, exitCodes } from "./invocation.ts";
import { joinNegativeNumbers, readOptions } from "./option-values.ts";
import { printLine } from "./terminal/print.ts";
import type { Terminal } from "./terminal/terminal.ts";

const name = "featuremap";

/**
 * Runs one command line.
 *
 * @param words what was typed after `featuremap`
 * @param version printed by `--version`
 * @returns the exit code: 0 success, 1 failure, 2 wrong use, 130 and the like after a signal; with 1 and 2, standard error
 *   says why
 */
export async function runCommandLine(words: readonly string[], version: string, terminal: Terminal): Promise<number> {
  const program = cac(name);
  const typed = joinNegativeNumbers(words);
  let run: (() => Promise<number>) | undefined;
  declareCommands(program, (command, start) => {
    command.action(() => {
      run = async () => {
        const invoke = await start();
        const options = readOptions(command.name, program.options, typed);
        return invoke({ words: program.args.map(String), options, version, terminal });
      };
    });
  });
  program.help();
  program.version(version);
  try {
    program.parse(["node", name, ...typed], { run: false });
    if (program.options["help"] === true || program.options["version"] === true) return exitCodes.success;
    refuseUnknownOptions(program);
    // What follows "--" is a word, however it begins.
    program.args = [...program.args, ...(program.options["--"] ?? [])];
    program.runMatchedCommand();
    if (run === undefined) throw unknownCommand(program);
    return await run();
  } catch (error) {
    printLine(terminal.error, `${name}: ${oneLine(error)}`);
    if (error instanceof StoppedError) return error.exitCode;
    return isWrongUse(error) ? exitCodes.wrongUse : exitCodes.failure;
  }
}

function unknownCommand(program: CAC): UsageError {
  const [typed] = program.args;
  const known = program.commands.map((command) => command.name);
  const what =
    typed === undefined
      ? "no command was given"
      : `there is no command ${describeValue(typed)}${didYouMean(nearestName(typed, known))}`;
  return new UsageError(`${what}; there are ${known.join(", ")}. See featuremap --help.`);
}

/** The parser would refuse them too, but could not say what was meant. */
function refuseUnknownOptions({ matchedCommand: command, globalCommand, options }: CAC): void {
  if (command === undefined) return;
  const known = [...command.options, ...globalCommand.options].flatMap(({ names }) => names);
  const unknown = Object.keys(options).find((option) => option !== "--" && !known.includes(option));
  if (unknown === undefined) return;
  const near = nearestName(unknown, known);
  const hint = didYouMean(near === undefined ? undefined : asTyped(near));
  throw new UsageError(
    `${command.name}: there is no option ${asTyped(unknown)}${hint}. See featuremap ${command.name} --help.`,
  );
}

function didYouMean(near: string | undefined): string {
  return near === undefined ? "" : ` (did you mean ${near}?)`;
}

/** `batchSize` as `--batch-size`, and `e` as `-e`. */
function asTyped(option: string): string {
  const words = option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return words.length > 1 ? `--${words}` : `-${words}`;
}

/** cac's own errors are all about what was typed; so is every option value that a command refuses. */
function isWrongUse(error: unknown): boolean {
  if (error instanceof InvalidConfigError || error instanceof UsageError) return true;
  return error instanceof Error && error.name === "CACError";
}

function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().replaceAll(/\s*\n\s*/g, " ");
}
