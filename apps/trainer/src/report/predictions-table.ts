import { className } from "./words.ts";
import type { Predictions } from "./report-data.ts";

/** A row for each picture, as CSV: path, label, predicted, probability, loss. */
export function predictionsTable(
  { paths, labels, predicted, probabilities, losses }: Predictions,
  classNames: readonly string[],
): string {
  const name = (index: number | undefined): string => cell(className(classNames, index ?? -1));
  const rows = paths.map((path, row) =>
    [
      cell(path),
      name(labels[row]),
      name(predicted[row]),
      Number((probabilities[row] ?? 0).toFixed(6)),
      Number((losses[row] ?? 0).toFixed(6)),
    ].join(","),
  );
  return `path,label,predicted,probability,loss\n${rows.map((row) => `${row}\n`).join("")}`;
}

/** In quotation marks where it would else be several cells. */
function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
