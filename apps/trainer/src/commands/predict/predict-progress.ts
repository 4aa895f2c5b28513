import type { PredictCounts, PredictSource } from "./predict.ts";
import { findPictures, inputWord } from "./pictures/find-pictures.ts";
import { formatCount, formatDuration } from "../../terminal/format.ts";
import { createProgressLine } from "../../terminal/progress-line.ts";
import type { Terminal } from "../../terminal/terminal.ts";

/** How far the answers are. */
export interface PredictProgress {
  update(counts: PredictCounts): void;
  clear(): void;
}

/**
 * A line on standard error, where that is a terminal and the answers go elsewhere: on a terminal they show by themselves
 * how far they are. How many there will be is counted meanwhile; of names on standard input nobody knows.
 *
 * @param now milliseconds of a clock that never goes back
 */
export function predictProgress(
  { output, error }: Pick<Terminal, "output" | "error">,
  source: PredictSource,
  isInFile: boolean,
  now: () => number = () => performance.now(),
): PredictProgress {
  if (error.isTTY !== true || (output.isTTY === true && !isInFile)) return { update() {}, clear() {} };
  const line = createProgressLine(error, now);
  const began = now();
  let total = Number.NaN;
  void countPictures(source).then(
    (count) => (total = count),
    // Whoever goes through them for the answers is told what is wrong.
    () => undefined,
  );
  return {
    update({ images, failed }) {
      const done = images + failed;
      const perSecond = (done / Math.max(now() - began, 1)) * 1000;
      const isKnown = total >= done;
      line.update({
        heading: "Classifying",
        done,
        total: isKnown ? total : Number.NaN,
        details: [
          `${formatCount(done)}${isKnown ? `/${formatCount(total)}` : ""}`,
          `${formatCount(perSecond)} images/s`,
          ...(isKnown ? [`${formatDuration((total - done) / perSecond)} left`] : []),
        ],
      });
    },
    clear: () => line.clear(),
  };
}

async function countPictures(source: PredictSource): Promise<number> {
  if ("dataset" in source) return source.count;
  if (source.words.includes(inputWord)) return Number.NaN;
  let count = 0;
  for await (const { kind } of findPictures(source)) if (kind === "picture" || kind === "wrong") count += 1;
  return count;
}
