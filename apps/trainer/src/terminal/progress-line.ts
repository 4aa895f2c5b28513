import { printable } from "@featuremap/tensor";
import { printLine } from "./print.ts";
import type { TextStream } from "./terminal.ts";

/** One moment of a long piece of work. */
export interface ProgressState {
  /** "Epoch 1/2". */
  readonly heading: string;
  readonly done: number;
  /** NaN where nobody knows, which gives no bar. */
  readonly total: number;
  /** What follows the bar, the most important first: "412/938", "1,024 images/s". */
  readonly details: string | readonly string[];
  /** What follows them where there is room beside the bar. */
  readonly lesser?: readonly string[];
}

/** A line that shows how far the work is. */
export interface ProgressLine {
  update(state: ProgressState): void;
  /** Takes the live line away, so that the next text starts on a clean line. */
  clear(): void;
}

const longestBar = 30;
const shortestBar = 8;
/** Of a terminal that does not know its width, and says 0. */
const fallbackColumns = 80;
const gap = "  ";
const quietMilliseconds = 5_000;
/** Between two drawings of one line, which nobody could tell apart if they were closer. */
const redrawMilliseconds = 50;

/**
 * On a terminal the line is redrawn in place; elsewhere (a file, a pipe, CI) it is printed anew every five seconds.
 *
 * @param now milliseconds of a clock that never goes back
 */
export function createProgressLine(output: TextStream, now: () => number = () => performance.now()): ProgressLine {
  return output.isTTY === true ? liveLine(output, now) : plainLines(output, now);
}

/**
 * The line for a terminal of that many columns. What gives way first are the lesser details, from the last, then the bar, and then
 * the details.
 */
export function drawProgress(state: ProgressState, columns: number): string {
  const { done, total } = state;
  const [heading = "", ...parts] = [state.heading, ...partsOf(state)].map((part) => printable(part));
  const fewest = parts.length - (state.lesser ?? []).length;
  const roomFor = (count: number): number => columns - 1 - [heading, "", ...parts.slice(0, count)].join(gap).length;
  let count = parts.length;
  while (count > fewest && roomFor(count) < shortestBar) count -= 1;
  const room = roomFor(count);
  if (room < shortestBar || Number.isNaN(total)) return joinedWithin([heading, ...parts], columns - 1);
  const details = parts.slice(0, count).join(gap);
  const width = Math.min(room, longestBar);
  const filled = total > 0 ? Math.round((Math.min(done, total) / total) * width) : 0;
  return `${heading}${gap}${"█".repeat(filled)}${"░".repeat(width - filled)}${gap}${details}`;
}

function partsOf({ details, lesser = [] }: ProgressState): readonly string[] {
  return [details, lesser].flat();
}

/** As many of the parts as have room, none of them cut but the first. */
function joinedWithin([first = "", ...rest]: readonly string[], room: number): string {
  let line = first.slice(0, Math.max(0, room));
  for (const part of rest) {
    if (line.length + gap.length + part.length > room) break;
    line += gap + part;
  }
  return line;
}

function liveLine(output: TextStream, now: () => number): ProgressLine {
  let shown = false;
  let heading = "";
  let drawnAt = 0;
  return {
    update(state) {
      const isLast = state.done >= state.total;
      if (shown && !isLast && state.heading === heading && now() - drawnAt < redrawMilliseconds) return;
      heading = state.heading;
      drawnAt = now();
      const columns = output.columns || fallbackColumns;
      // The cursor goes to the line's start, and what the old line had beyond the new one is erased.
      output.write(`\r${drawProgress(state, columns)}\u001B[K`);
      shown = true;
    },
    clear() {
      if (shown) output.write("\r\u001B[K");
      shown = false;
    },
  };
}

function plainLines(output: TextStream, now: () => number): ProgressLine {
  let printedAt = now();
  return {
    update(state) {
      if (now() - printedAt < quietMilliseconds) return;
      printedAt = now();
      printLine(output, [state.heading, ...partsOf(state)].join(gap));
    },
    clear() {},
  };
}
