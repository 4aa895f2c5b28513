import type { TextStream } from "./terminal.ts";

/** One line of text. */
export function printLine(stream: TextStream, text: string): void {
  stream.write(`${text}\n`);
}

/** One JSON object on a line of its own: all that `--json` lets a command say on standard output. */
export function printJson(stream: TextStream, value: object): void {
  stream.write(`${JSON.stringify(value)}\n`);
}
