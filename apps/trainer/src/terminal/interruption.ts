import { constants } from "node:os";
import { AbortedError } from "@featuremap/tensor";
import { StoppedError, exitCodes } from "./exit-codes.ts";
import type { StopSignal, Terminal } from "./terminal.ts";

/** A signal, heard: what a command does when it is asked to stop. */
export interface Interruption {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Work that a second Ctrl-C waits for: a file being written. */
  readonly uninterrupted: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** The first signal that came. */
  readonly stoppedBy: () => StopSignal | undefined;
}

const stopSignals: readonly StopSignal[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGPIPE"];
/** What may come more than once without anybody asking twice. */
const asksOnce: ReadonlySet<StopSignal> = new Set(["SIGHUP", "SIGPIPE"]);

/** npm sends the terminal's Ctrl-C on to a command that already got it; within this time it is the same key press. */
const sameKeyPressMilliseconds = 500;

/** The number by which shells tell that a signal ended a program: 130 for Ctrl-C. */
export function exitCodeOf(signal: StopSignal): number {
  // Windows has no such signal.
  return signal === "SIGPIPE" ? exitCodes.readerGone : 128 + constants.signals[signal];
}

/**
 * Runs work that listens for Ctrl-C, `kill`, the closing of its terminal and the end of who reads its output: the first asks
 * for a clean stop through the signal, the next quits at once; while a file is being written, as soon as that is done.
 *
 * A terminal or a pipe that is closed may say so more than once, and leaves nobody who could press a key: only the first counts.
 *
 * @param now milliseconds of a clock that never goes back
 * @throws {StoppedError} instead of an AbortedError, with the exit code of the signal that came
 */
export async function runInterruptibly<Result>(
  terminal: Pick<Terminal, "signals" | "quit">,
  work: (interruption: Interruption) => Promise<Result>,
  now: () => number = () => performance.now(),
): Promise<Result> {
  const controller = new AbortController();
  let first: { readonly signal: StopSignal; readonly at: number } | undefined;
  let writing = 0;
  let quitCode: number | undefined;

  const interrupt = (signal: StopSignal): void => {
    if (first === undefined) {
      first = { signal, at: now() };
      controller.abort();
    } else if (!asksOnce.has(signal) && now() - first.at >= sameKeyPressMilliseconds) {
      quitCode = exitCodeOf(signal);
      if (writing === 0) terminal.quit(quitCode);
    }
  };
  const listeners = stopSignals.map((signal) => [signal, () => interrupt(signal)] as const);
  for (const [signal, listener] of listeners) terminal.signals.on(signal, listener);

  try {
    return await work({
      signal: controller.signal,
      async uninterrupted(write) {
        writing++;
        try {
          return await write();
        } finally {
          writing--;
          if (quitCode !== undefined && writing === 0) terminal.quit(quitCode);
        }
      },
      stoppedBy: () => first?.signal,
    });
  } catch (error) {
    if (!(error instanceof AbortedError)) throw error;
    throw new StoppedError(error.message, exitCodeOf(first?.signal ?? "SIGINT"), { cause: error });
  } finally {
    for (const [signal, listener] of listeners) terminal.signals.off(signal, listener);
  }
}
