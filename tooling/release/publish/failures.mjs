import { stopSignal } from "../processes.mjs";
import { UsageError } from "../rehearsal/options.mjs";

/** What a maintainer can mend: the message is the one line to print. */
export class ReleaseError extends Error {}

/**
 * Runs a step of a release: what a maintainer can mend ends it with one line instead of a stack trace.
 *
 * @param {() => Promise<void>} step
 */
export async function runStep(step) {
  try {
    await step();
    if (stopSignal() !== undefined) process.exitCode = 130;
  } catch (error) {
    if (stopSignal() !== undefined) process.exitCode = 130;
    else if (error instanceof UsageError || error instanceof ReleaseError) {
      console.error(error.message);
      process.exitCode = error instanceof UsageError ? 2 : 1;
    } else throw error;
  }
}
