import { exitCodes } from "../invocation.ts";
import type { Terminal } from "./terminal.ts";

/** Ctrl-C, heard: what a command does when the user wants it to stop. */
export interface Interruption {
  /** Aborted by the first Ctrl-C (or SIGTERM). */
  readonly signal: AbortSignal;
  /** Work that a second Ctrl-C waits for: a file being written. */
  readonly uninterrupted: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** Gives Ctrl-C back to the process. */
  stopListening(): void;
}

/** npm sends the terminal's Ctrl-C on to a command that already got it; within this time it is the same key press. */
const sameKeyPressMilliseconds = 500;

/**
 * Listens for Ctrl-C: the first asks for a clean stop through the signal, the next quits at once with code 130; while
 * a file is being written, as soon as that is done.
 *
 * @param now milliseconds of a clock that never goes back
 */
export function listenForInterruption(
  terminal: Pick<Terminal, "signals" | "quit">,
  now: () => number = () => performance.now(),
): Interruption {
  const controller = new AbortController();
  let firstAt = Number.NaN;
  let writing = 0;
  let quitWanted = false;

  const interrupt = (): void => {
    if (!controller.signal.aborted) {
      firstAt = now();
      controller.abort();
    } else if (now() - firstAt >= sameKeyPressMilliseconds) {
      quitWanted = true;
      if (writing === 0) terminal.quit(exitCodes.interrupted);
    }
  };
  terminal.signals.on("SIGINT", interrupt);
  terminal.signals.on("SIGTERM", interrupt);

  return {
    signal: controller.signal,
    async uninterrupted(work) {
      writing++;
      try {
        return await work();
      } finally {
        writing--;
        if (quitWanted && writing === 0) terminal.quit(exitCodes.interrupted);
      }
    },
    stopListening() {
      terminal.signals.off("SIGINT", interrupt);
      terminal.signals.off("SIGTERM", interrupt);
    },
  };
}
