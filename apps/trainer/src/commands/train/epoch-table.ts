import { formatDuration, formatMetric } from "../../terminal/format.ts";
import { printLine } from "../../terminal/print.ts";
import type { TextStream } from "../../terminal/terminal.ts";
import type { EpochResult } from "../../training/train-types.ts";

/** Tells how epochs ended. */
export interface EpochTable {
  row(epoch: EpochResult): void;
}

/**
 * A table on a terminal, its head before the first row; elsewhere lines that say by themselves what their numbers are.
 *
 * @param judgedBy the part whose numbers begin with `val_`
 */
export function createEpochTable(output: TextStream, judgedBy: "validation" | "test"): EpochTable {
  if (output.isTTY !== true) return { row: (epoch) => printLine(output, epochLine(epoch, judgedBy)) };
  let head: readonly string[] = [];
  return {
    row({ epoch, epochs, seconds, metrics }) {
      const first = "epoch".length + String(epochs).length;
      const names = namesWithin(Object.keys(metrics), (output.columns || fallbackColumns) - first);
      const columns = ["epoch", ...names, "time"];
      const widths = columns.map((name, column) => (column === 0 ? first : columnWidth(name)));
      const draw = (cells: readonly string[]): string =>
        cells
          .map((cell, column) => (column === 0 ? cell.padEnd(first) : cell.padStart(widths[column] ?? 0)))
          .join("  ");
      if (head.join() !== columns.join()) {
        head = columns;
        printLine(output, draw(columns));
      }
      const values = names.map((name) => formatMetric(metrics[name] ?? Number.NaN));
      printLine(output, draw([`${epoch}/${epochs}`, ...values, formatDuration(seconds)]));
    },
  };
}

/** Of a terminal that does not know its width, and says 0. */
const fallbackColumns = 80;
const gap = 2;

function columnWidth(name: string): number {
  return Math.max(name.length, 9);
}

/** The columns that have room beside the time; those of the part that it is judged by come last, and stay. */
function namesWithin(names: readonly string[], room: number): readonly string[] {
  const width = [...names, "time"].reduce((sum, name) => sum + gap + columnWidth(name), 0);
  return width <= room || names.length <= 1 ? names : namesWithin(names.slice(1), room);
}

function epochLine({ epoch, epochs, seconds, metrics }: EpochResult, judgedBy: string): string {
  const { loss, accuracy, val_loss: judgedLoss, val_accuracy: judgedAccuracy } = metrics;
  const judged = judgedLoss === undefined ? "" : `; ${pair(judgedBy, judgedLoss, judgedAccuracy)}`;
  return `Epoch ${epoch}/${epochs} in ${formatDuration(seconds)}: ${pair("training", loss, accuracy)}${judged}`;
}

function pair(name: string, loss: number | undefined, accuracy: number | undefined): string {
  return `${name} loss ${formatMetric(loss ?? Number.NaN)}, accuracy ${formatMetric(accuracy ?? Number.NaN)}`;
}
