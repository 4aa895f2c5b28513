import type { benchArguments, benchOptions } from "./commands/bench.ts";
import type { completionsArguments } from "./commands/completions.ts";
import type { convertArguments, convertOptions } from "./commands/convert.ts";
import type {
  dataArguments,
  dataFetchArguments,
  dataFetchOptions,
  dataHealthOptions,
  dataInfoOptions,
  dataPackOptions,
  dataPreviewOptions,
  dataSplitOptions,
} from "./commands/data.ts";
import type { doctorArguments, doctorOptions } from "./commands/doctor.ts";
import type { evaluateArguments, evaluateOptions } from "./commands/evaluate.ts";
import type { findLrArguments, findLrOptions } from "./commands/find-lr.ts";
import type { exportArguments, exportOptions } from "./commands/export.ts";
import type { initArguments, initOptions } from "./commands/init.ts";
import type { inspectArguments, inspectOptions } from "./commands/inspect.ts";
import type { Argument, Options } from "./option.ts";
import type { predictArguments, predictOptions } from "./commands/predict.ts";
import type { serveArguments, serveOptions } from "./commands/serve.ts";
import type { deviceOptions, outputOptions } from "./shared.ts";
import type { summaryArguments } from "./commands/summary.ts";
import type { sweepArguments, sweepOptions } from "./commands/sweep.ts";
import type { trainArguments, trainOptions } from "./commands/train.ts";

type Device = typeof deviceOptions;
type Output = typeof outputOptions;

/** The words and options of every command; the config file and what a command gets are typed by it. */
export interface Commands {
  readonly train: {
    readonly arguments: typeof trainArguments;
    readonly options: typeof trainOptions & Device & Output;
  };
  readonly "find-lr": {
    readonly arguments: typeof findLrArguments;
    readonly options: typeof findLrOptions & Device & Output;
  };
  readonly sweep: {
    readonly arguments: typeof sweepArguments;
    readonly options: typeof sweepOptions & Device & Output;
  };
  readonly evaluate: {
    readonly arguments: typeof evaluateArguments;
    readonly options: typeof evaluateOptions & Device & Output;
  };
  readonly predict: {
    readonly arguments: typeof predictArguments;
    readonly options: typeof predictOptions & Device & Output;
  };
  readonly inspect: {
    readonly arguments: typeof inspectArguments;
    readonly options: typeof inspectOptions & Device & Output;
  };
  readonly summary: { readonly arguments: typeof summaryArguments; readonly options: Output };
  readonly export: {
    readonly arguments: typeof exportArguments;
    readonly options: typeof exportOptions & Device & Output;
  };
  readonly convert: {
    readonly arguments: typeof convertArguments;
    readonly options: typeof convertOptions & Device & Output;
  };
  readonly "data info": {
    readonly arguments: typeof dataArguments;
    readonly options: typeof dataInfoOptions & Output;
  };
  readonly "data health": {
    readonly arguments: typeof dataArguments;
    readonly options: typeof dataHealthOptions & Device & Output;
  };
  readonly "data fetch": {
    readonly arguments: typeof dataFetchArguments;
    readonly options: typeof dataFetchOptions & Output;
  };
  readonly "data pack": {
    readonly arguments: typeof dataArguments;
    readonly options: typeof dataPackOptions & Output;
  };
  readonly "data preview": {
    readonly arguments: typeof dataArguments;
    readonly options: typeof dataPreviewOptions & Output;
  };
  readonly "data split": {
    readonly arguments: typeof dataArguments;
    readonly options: typeof dataSplitOptions & Output;
  };
  readonly bench: {
    readonly arguments: typeof benchArguments;
    readonly options: typeof benchOptions & Device & Output;
  };
  readonly serve: { readonly arguments: typeof serveArguments; readonly options: typeof serveOptions & Output };
  readonly doctor: {
    readonly arguments: typeof doctorArguments;
    readonly options: typeof doctorOptions & Device & Output;
  };
  readonly init: { readonly arguments: typeof initArguments; readonly options: typeof initOptions & Output };
  readonly completions: { readonly arguments: typeof completionsArguments; readonly options: Output };
}

/** "train", "evaluate" and so on. */
export type CommandName = keyof Commands;

/** All that is to be known of a command but how it runs. */
export interface CommandDescription {
  readonly name: CommandName;
  /** One line of `featuremap --help`. */
  readonly summary: string;
  readonly arguments: readonly Argument[];
  readonly options: Options;
  /** Command lines that show its use. */
  readonly examples: readonly string[];
  /** What it leaves can be gone on with: the config file in there, and how the folder is found. */
  readonly resumes?: {
    readonly file: string;
    readonly find: () => Promise<FindResumed>;
  };
}

/** The words by which it is called: those of `data info` are two. */
export function commandWords({ name }: Pick<CommandDescription, "name">): readonly string[] {
  return name.split(" ");
}

/** Where its options stand in the config file: `train`, `data.info`. */
export function commandPlace({ name }: Pick<CommandDescription, "name">): string {
  return commandWords({ name }).join(".");
}

/** The first words of all commands, each once. */
export function firstWords(commands: readonly CommandDescription[]): string[] {
  return [...new Set(commands.map((command) => commandWords(command)[0] ?? ""))];
}

/** The commands of one subject, as those of `data`, by their second words; none where that is a command by itself. */
export function commandsOf(
  subject: string,
  commands: readonly CommandDescription[],
): ReadonlyMap<string, CommandDescription> {
  return new Map(
    commands.flatMap((command) => {
      const [first, second] = commandWords(command);
      return first === subject && second !== undefined ? [[second, command] as const] : [];
    }),
  );
}

/**
 * The folder that a command goes on with.
 *
 * @param resume what was typed behind `--resume`, or "last"
 * @param data what was typed beside it
 * @param folder where paths start from
 */
export type FindResumed = (resume: string, data: string | undefined, folder: string) => Promise<string>;

/** A command as one writes it: `train <preset>`. */
export function commandSynopsis({ name, arguments: words }: CommandDescription): string {
  return [name, ...words.map(argumentSynopsis)].join(" ");
}

function argumentSynopsis({ name, required, rest }: Argument): string {
  const shown = rest === true ? `...${name}` : name;
  return required ? `<${shown}>` : `[${shown}]`;
}
