import { FeaturemapError } from "@featuremap/tensor";
import type { OptionReader } from "./option-values.ts";
import type { Terminal } from "./terminal/terminal.ts";

/** What one command gets: its words, its options, and where to report. */
export interface Invocation {
  /** The words after the command's name. */
  readonly words: readonly string[];
  readonly options: OptionReader;
  /** Of this package. */
  readonly version: string;
  readonly terminal: Terminal;
}

/** Parses the rest, runs the command and reports. @returns the exit code */
export type Run = (invocation: Invocation) => Promise<number>;

/**
 * The command did what it was asked to; it failed; it was asked for something it cannot understand; Ctrl-C ended it with
 * nothing to show for it (the shells' number for that).
 */
export const exitCodes = { success: 0, failure: 1, wrongUse: 2, interrupted: 130 } as const;

/** A command line that cannot be understood. */
export class UsageError extends FeaturemapError {
  override readonly name = "UsageError";
  override readonly code = "WRONG_USE";
}
