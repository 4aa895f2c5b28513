import type { PartName } from "../../data/training-data.ts";
import { formatCount, formatCounted } from "../../terminal/format.ts";
import { shownName } from "../../terminal/shown-name.ts";
import { formatTable } from "../../terminal/table.ts";

/** How many pictures of a class each part has. */
export type ClassCounts = { readonly name: string } & Partial<Record<PartName, number>>;

/** Classes that are listed, columns of a bar. */
const [mostClasses, shortestBar, longestBar] = [100, 8, 30];

/** A line for each class, with a bar for all its pictures where there is room. */
export function classTable(classes: readonly ClassCounts[], parts: readonly PartName[], width: number): string[] {
  const shown = classes.slice(0, mostClasses);
  const rows = shown.map((each) => [shownName(each.name), ...parts.map((part) => formatCount(each[part] ?? 0))]);
  const table = formatTable([["class", ...parts], ...rows]);
  const tableWidth = Math.max(...table.map((line) => line.length));
  const room = Math.min(width - tableWidth - 2, longestBar);
  const totals = shown.map((each) => parts.reduce((sum, part) => sum + (each[part] ?? 0), 0));
  const most = Math.max(...totals, 1);
  const lines = table.map((line, index) => {
    const total = totals[index - 1];
    if (total === undefined || total === 0 || room < shortestBar) return line;
    return `${line.padEnd(tableWidth)}  ${"█".repeat(Math.max(Math.round((total / most) * room), 1))}`;
  });
  const left = classes.length - shown.length;
  return left > 0 ? [...lines, `and ${formatCounted(left, "more class", "more classes")} (--json lists all)`] : lines;
}

const mostNamed = 3;

/** "2 files cannot be read: a.png (why); b.png (why)". */
export function namedFiles(
  files: readonly { readonly path: string; readonly reason: string }[],
  nameOf: (path: string) => string,
): string {
  const named = files
    .slice(0, mostNamed)
    .map(({ path, reason }) => `${shownName(nameOf(path), 100)} (${reason.replace(/\.$/, "")})`);
  const more = files.length > mostNamed ? `; and ${formatCount(files.length - mostNamed)} more` : "";
  return `${named.join("; ")}${more}`;
}
