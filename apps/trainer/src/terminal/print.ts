import { printable } from "@featuremap/tensor";
import type { TextStream } from "./terminal.ts";

/** One line of text. What would move the cursor or start another line, as labels from a file may, is written out. */
export function printLine(stream: TextStream, text: string): void {
  printText(stream, text.replaceAll("\n", String.raw`\n`));
}

/** Text of one line or more, with what a terminal would obey written out. */
export function printText(stream: TextStream, text: string): void {
  stream.write(`${printable(text)}\n`);
}

/**
 * One JSON object on a line of its own: all that `--json` lets a command say on standard output.
 *
 * JSON escapes only a part of what terminals obey; the rest is escaped too, in JSON's own way.
 */
export function printJson(stream: TextStream, value: object): void {
  printText(stream, JSON.stringify(value));
}
