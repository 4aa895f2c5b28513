import type { Readable, Writable } from "node:stream";

/** Where text goes; a part of Node's `WriteStream`. */
export interface TextStream {
  write(text: string): unknown;
  /** Whether a person watches, so that a line may be drawn over. */
  readonly isTTY?: boolean;
  /** Width in characters. */
  readonly columns?: number;
  /** Whether nobody reads any more what is written. */
  readonly isClosed?: boolean;
}

/** What asks a command to stop: Ctrl-C, `kill`, the terminal that is closed, or the reader of its output that is gone. */
export type StopSignal = "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGPIPE";

/** What the command line reads from and writes to: the process's own, or a test's. */
export interface Terminal {
  readonly output: TextStream;
  readonly error: TextStream;
  /** What is typed or piped in. */
  readonly input?: AsyncIterable<Uint8Array | string> & { destroy?(): unknown };
  /** Where a person is asked and answers; absent where nobody can. */
  readonly dialogue?: { readonly input: Readable; readonly output: Writable };
  /** Emits signals, as `process` does. */
  readonly signals: SignalSource;
  /** Ends the process at once. */
  quit(code: number): void;
}

/** The part of `process` that tells of signals. */
export interface SignalSource {
  on(signal: StopSignal, listener: () => void): unknown;
  off(signal: StopSignal, listener: () => void): unknown;
}
