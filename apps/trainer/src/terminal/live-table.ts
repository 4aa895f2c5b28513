import { printable } from "@featuremap/tensor";
import type { TextStream } from "./terminal.ts";

/** Lines that are drawn again in place, above what else is drawn. */
export interface LiveTable {
  /** Draws them where the old ones were; the cursor is then below. */
  draw(lines: readonly string[]): void;
  /** Takes them away. */
  clear(): void;
}

const fallbackColumns = 80;

/** Lines at the end of what a terminal shows; none is broken, for who draws them again counts them. */
export function createLiveTable(output: TextStream): LiveTable {
  let drawn = 0;
  const clear = (): void => {
    // Up to the first line, and away with all that is below.
    if (drawn > 0) output.write(`\u001B[${drawn}A\r\u001B[J`);
    drawn = 0;
  };
  return {
    draw(lines) {
      clear();
      const room = (output.columns || fallbackColumns) - 1;
      output.write(lines.map((line) => `${printable(line).slice(0, room)}\n`).join(""));
      drawn = lines.length;
    },
    clear,
  };
}
