import { EventEmitter } from "node:events";
import { runCommandLine } from "../command-line.ts";

/** What a command line came to. */
export interface Run {
  readonly code: number;
  readonly output: string;
  readonly error: string;
}

/** What a test does while the command runs. */
export interface RunOptions {
  /** Called with everything printed so far, after each write to standard output. */
  readonly onOutput?: (output: string, interrupt: () => void) => void;
}

/** Runs one command line in this process, with a terminal of its own. */
export async function run(words: readonly string[], { onOutput }: RunOptions = {}): Promise<Run> {
  const signals = new EventEmitter();
  let output = "";
  let error = "";
  const code = await runCommandLine(words, "1.2.3", {
    output: {
      write(text) {
        output += text;
        onOutput?.(output, () => signals.emit("SIGINT"));
      },
    },
    error: { write: (text) => (error += text) },
    signals,
    quit() {},
  });
  return { code, output, error };
}

/** The objects of `--json` output. Fails where a line is something else. */
export function parseLines(output: string): Record<string, unknown>[] {
  return output
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
