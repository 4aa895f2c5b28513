/** A column's title, and whether its cells are figures. @typedef {readonly [title: string, figures?: "figures"]} Column */

/**
 * A table as the formatter leaves it: columns padded, figures on the right.
 *
 * @param {readonly Column[]} columns
 * @param {readonly (readonly string[])[]} rows
 * @returns {string[]} Lines.
 */
export function markdownTable(columns, rows) {
  const widths = columns.map(([title], index) =>
    Math.max(3, title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  /** @param {readonly string[]} cells */
  const line = (cells) => `| ${cells.join(" | ")} |`;
  /** @param {readonly string[]} cells */
  const padded = (cells) =>
    line(
      widths.map((width, index) => {
        const cell = cells[index] ?? "";
        return columns[index]?.[1] === undefined ? cell.padEnd(width) : cell.padStart(width);
      }),
    );
  const rule = widths.map((width, index) =>
    columns[index]?.[1] === undefined ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  return [padded(columns.map(([title]) => title)), line(rule), ...rows.map(padded)];
}
