import type { EvaluateResult } from "./evaluate.ts";
import type { ClassResult, Confusion } from "./result-of.ts";
import { formatCount, formatCounted, formatMetric } from "../../terminal/format.ts";
import { shownPath } from "../../terminal/shown-path.ts";
import { formatTable } from "../../terminal/table.ts";
import { deviceLine } from "../../device/device-line.ts";

/** Classes that are listed, and those of the lowest F1 where there are more. */
const [mostClasses, worstClasses] = [50, 20];
/** Classes up to which all cells of the confusion matrix are shown, where they fit. */
const mostCells = 15;
/** Pairs that are listed instead, and files that are named. */
const [mostPairs, mostNamed] = [10, 3];

/** What an evaluation tells people, in lines of at most so many characters where tables allow it. */
export function evaluationLines(result: EvaluateResult, columns: number, folder: string): string[] {
  const { part, images, loss, accuracy, topFive, tta, report, dataset } = result;
  const which = part === "all" ? dataset : `the ${part} part of ${dataset}`;
  const how = tta ? "; each answer is the mean over a picture and its mirror image" : "";
  const name = part === "all" ? "Accuracy" : `${part.charAt(0).toUpperCase()}${part.slice(1)} accuracy`;
  return [
    deviceLine(result.device),
    `Judged by ${which}${how}`,
    "",
    ...classLines(result.classes),
    "",
    ...confusionLines(result, columns),
    "",
    ...leftOutLines(result),
    ...(topFive === undefined ? [] : [`Among the first five ${formatMetric(topFive)}`]),
    `${name} ${formatMetric(accuracy)} (loss ${formatMetric(loss)}) on ${formatCounted(images, "image")}`,
    ...(report === undefined ? [] : [`Report: ${shownPath(report, folder)}`]),
  ];
}

function classLines(classes: readonly ClassResult[]): string[] {
  const isLong = classes.length > mostClasses;
  const low = (each: ClassResult): number => (Number.isNaN(each.f1) ? 2 : each.f1);
  const shown = isLong ? classes.toSorted((a, b) => low(a) - low(b)).slice(0, worstClasses) : classes;
  const rows = shown.map((each) => [
    each.label,
    ...[each.precision, each.recall, each.f1].map(share),
    formatCount(each.images),
  ]);
  const counted = classes.filter(({ images, predicted }) => images + predicted > 0);
  const mean = (of: "precision" | "recall" | "f1"): string =>
    share(counted.reduce((sum, each) => sum + (Number.isNaN(each[of]) ? 0 : each[of]), 0) / counted.length);
  const table = formatTable([
    ["class", "precision", "recall", "F1", "images"],
    ...rows,
    ["mean of the classes", mean("precision"), mean("recall"), mean("f1"), ""],
  ]);
  const rest = `The ${worstClasses} of ${formatCount(classes.length)} classes with the lowest F1; --json and --report list all.`;
  return isLong ? [...table, rest] : table;
}

function confusionLines({ classes, confusion }: EvaluateResult, columns: number): string[] {
  const mistakes = confusion.filter(({ label, predicted }) => label !== predicted);
  if (mistakes.length === 0) return ["No picture was mistaken for another class."];
  const matrix = classes.length > mostCells ? [] : matrixLines(classes, confusion);
  if (matrix.length > 0 && matrix.every(({ length }) => length <= columns)) {
    return ["Confusion: a row for each class, a column for each answer", ...matrix];
  }
  const sorted = mistakes.toSorted((a, b) => b.images - a.images).slice(0, mostPairs);
  const support = new Map(classes.map(({ label, images }) => [label, images]));
  const pairs = formatTable([
    ["confused most often: class", "taken for", "images", "of the class"],
    ...sorted.map(({ label, predicted, images }) => [
      label,
      predicted,
      formatCount(images),
      share(images / (support.get(label) ?? Number.NaN)),
    ]),
  ]);
  const more = mistakes.length - sorted.length;
  return more > 0 ? [...pairs, `and ${formatCount(more)} ${more === 1 ? "pair" : "pairs"} more`] : pairs;
}

function matrixLines(classes: readonly ClassResult[], confusion: readonly Confusion[]): string[] {
  const counts = new Map(confusion.map(({ label, predicted, images }) => [JSON.stringify([label, predicted]), images]));
  const labels = classes.map(({ label }) => label);
  return formatTable([
    ["", ...labels],
    ...labels.map((label) => [
      label,
      ...labels.map((predicted) => formatCount(counts.get(JSON.stringify([label, predicted])) ?? 0)),
    ]),
  ]);
}

function leftOutLines({ leftOut }: EvaluateResult): string[] {
  if (leftOut.length === 0) return [];
  const named = leftOut.slice(0, mostNamed).map(({ reason }) => reason);
  const more = leftOut.length > mostNamed ? ` and ${formatCount(leftOut.length - mostNamed)} more` : "";
  return [`Left out as no pictures: ${named.join(" ")}${more}`];
}

/** A share of nothing is a dash. */
function share(value: number): string {
  return Number.isFinite(value) ? formatMetric(value) : "-";
}
