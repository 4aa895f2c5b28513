import { FeaturemapError } from "@featuremap/tensor";

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
