import type { CommandDescription, CommandName, Commands } from "../options/command.ts";
import type { OptionValues } from "../options/option.ts";
import type { Terminal } from "../terminal/terminal.ts";

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
