import type { TextStream } from "./terminal.ts";

/** A stream of the process, as far as it is written to. */
export interface OutputStream extends Omit<TextStream, "write"> {
  write(text: string, done?: (error?: Error | null) => void): unknown;
  on(event: "error", listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/** A stream that never throws, and that tells in the end what went wrong with it. */
export interface SafeOutput extends TextStream {
  /** Waits until all is written. @returns what was not, and why; nobody being there to read it is not a failure. */
  finish(): Promise<Error | undefined>;
}

/** The reader has stopped reading: `featuremap ... | head`. */
const readerGone = "EPIPE";

/** The same, or the terminal is closed. */
const nobodyReads: ReadonlySet<string> = new Set([readerGone, "EIO", "ECONNRESET", "ERR_STREAM_DESTROYED"]);

/**
 * Keeps failures of standard output from ending the process: what a command does, above all a model that it saves, is
 * worth more than what it prints.
 *
 * @param onReaderGone hears once that a pipe's other end is closed; a program that does not listen dies of SIGPIPE then
 */
export function createSafeOutput(stream: OutputStream, onReaderGone?: () => void): SafeOutput {
  let failure: Error | undefined;
  let isOpen = true;
  const note = (error: NodeJS.ErrnoException): void => {
    if (isOpen && error.code === readerGone) onReaderGone?.();
    isOpen = false;
    if (!nobodyReads.has(error.code ?? "")) failure ??= error;
  };
  stream.on("error", note);
  return {
    get isTTY() {
      return stream.isTTY === true;
    },
    get columns() {
      return stream.columns ?? 0;
    },
    get isClosed() {
      return !isOpen;
    },
    write(text) {
      if (isOpen) stream.write(text);
    },
    async finish() {
      // What is written last is told of last.
      const last = isOpen
        ? await new Promise<Error | null | undefined>((resolve) => stream.write("", resolve))
        : undefined;
      if (last) note(last);
      return failure;
    },
  };
}
