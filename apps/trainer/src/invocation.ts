import { FeaturemapError } from "@featuremap/tensor";
import type { CommandDescription, CommandName, Commands } from "./options/command.ts";
import type { OptionValues } from "./options/option.ts";
import type { Terminal } from "./terminal/terminal.ts";

/** What one command gets: its words, its options, and where to report. */
export interface Invocation<Name extends CommandName> {
  /** The words after the command's name. */
  readonly words: readonly string[];
  /** Read, checked, and with their defaults. */
  readonly options: OptionValues<Commands[Name]["options"]>;
  /** Of this package. */
  readonly version: string;
  /** All that there are. */
  readonly commands: readonly CommandDescription[];
  /** Where the command runs. */
  readonly folder: string;
  readonly terminal: Terminal;
}

/** Runs the command and reports. @returns the exit code */
export type Run<Name extends CommandName> = (invocation: Invocation<Name>) => Promise<number>;

/**
 * The command did what it was asked to; it failed; it was asked for something it cannot understand; nobody reads its output
 * any more, which is SIGPIPE.
 */
export const exitCodes = { success: 0, failure: 1, wrongUse: 2, readerGone: 141 } as const;

/** A command line that cannot be understood. */
export class UsageError extends FeaturemapError {
  override readonly name = "UsageError";
  override readonly code = "WRONG_USE";
}

/** A signal ended the command with nothing to show for it. */
export class StoppedError extends FeaturemapError {
  override readonly name = "StoppedError";
  override readonly code = "STOPPED";
  /** The shells' number for the signal. */
  readonly exitCode: number;

  constructor(message: string, exitCode: number, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
