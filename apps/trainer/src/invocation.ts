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

/** The command did what it was asked to; it failed; it was asked for something it cannot understand. */
export const exitCodes = { success: 0, failure: 1, wrongUse: 2 } as const;

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
