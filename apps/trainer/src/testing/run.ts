import { EventEmitter } from "node:events";
import { Readable, type Writable } from "node:stream";
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
  /** Variables; none of this process's are seen. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where the config file is looked for. */
  readonly folder?: string;
  /** Where questions are asked and answered. */
  readonly dialogue?: { readonly input: Readable; readonly output: Writable };
  /** What is piped in, piece by piece. */
  readonly input?: readonly (Uint8Array | string)[];
  /** Whether what is printed goes to a terminal. */
  readonly isTTY?: boolean;
  /** Whether messages do. */
  readonly isErrorTTY?: boolean;
  /** Width of the terminal. */
  readonly columns?: number;
}

/** Runs one command line in this process, with a terminal of its own. */
export async function run(
  words: readonly string[],
  {
    onOutput,
    environment = {},
    folder = process.cwd(),
    columns = 0,
    dialogue,
    input,
    isTTY = false,
    isErrorTTY = false,
  }: RunOptions = {},
): Promise<Run> {
  const signals = new EventEmitter();
  let output = "";
  let error = "";
  const code = await runCommandLine(words, {
    version: "1.2.3",
    environment,
    folder,
    terminal: {
      output: {
        columns,
        isTTY,
        write(text) {
          output += text;
          onOutput?.(output, () => signals.emit("SIGINT"));
        },
      },
      error: { columns, isTTY: isErrorTTY, write: (text) => (error += text) },
      ...(input === undefined ? {} : { input: Readable.from(input) }),
      signals,
      quit() {},
      ...(dialogue === undefined ? {} : { dialogue }),
    },
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
