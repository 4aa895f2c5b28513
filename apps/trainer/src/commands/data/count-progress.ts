import { formatCount } from "../../terminal/format.ts";
import { printJson } from "../../terminal/print.ts";
import { createProgressLine } from "../../terminal/progress-line.ts";
import type { TextStream } from "../../terminal/terminal.ts";

/** Tells how far a count is. */
export interface CountProgress {
  /** @param total undefined where it is not known */
  update(done: number, total: number | undefined): void;
  clear(): void;
}

const millisecondsBetween = 100;
const millisecondsBetweenLines = 1000;

/**
 * A progress line for work on files, or an event a second at most with `--json`.
 *
 * @param shown how a count is written. Default: with its thousands apart
 */
export function countProgress(
  output: TextStream,
  {
    json,
    heading,
    what,
    shown = formatCount,
  }: {
    readonly json: boolean;
    readonly heading: string;
    readonly what: string;
    readonly shown?: (count: number) => string;
  },
  now: () => number = () => performance.now(),
): CountProgress {
  const line = createProgressLine(output, now);
  let last = Number.NEGATIVE_INFINITY;
  return {
    update(done, total) {
      const isDue = now() - last >= (json ? millisecondsBetweenLines : millisecondsBetween);
      if (!isDue) return;
      last = now();
      const counts = { done, ...(total === undefined ? {} : { total }) };
      if (json) printJson(output, { event: "progress", what, ...counts });
      else {
        const details = total === undefined ? shown(done) : `${shown(done)}/${shown(total)}`;
        line.update({ heading, done, total: total ?? 0, details: `${details} ${what}` });
      }
    },
    clear: () => line.clear(),
  };
}
