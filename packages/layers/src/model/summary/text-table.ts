/** One column of a table. */
export interface TableColumn {
  readonly heading: string;
  readonly align: "left" | "right" | "center";
  /** Characters between the column's borders, a space on either side included. */
  readonly width: number;
}

/**
 * A table in box-drawing characters, with lines between rows and a heavy heading.
 *
 * Cells wrap at spaces; a longer word is cut and ends in an ellipsis. Source: the layout of Python's `rich.table.Table`
 * with `show_lines=True`.
 */
export function renderTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  const rule = (left: string, fill: string, cross: string, right: string): string =>
    left + columns.map(({ width }) => fill.repeat(width)).join(cross) + right;
  const heading = renderRow(
    columns,
    columns.map((column) => column.heading),
    "┃",
  );
  const lines = [rule("┏", "━", "┳", "┓"), ...heading, rule("┡", "━", "╇", "┩")];
  rows.forEach((cells, index) => {
    if (index > 0) lines.push(rule("├", "─", "┼", "┤"));
    lines.push(...renderRow(columns, cells, "│"));
  });
  lines.push(rule("└", "─", "┴", "┘"));
  return lines.join("\n");
}

function renderRow(columns: readonly TableColumn[], cells: readonly string[], border: string): string[] {
  const wrapped = columns.map((column, index) => wrap(cells[index] ?? "", column.width - 2));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const parts = columns.map((column, index) => ` ${align(wrapped[index]?.[line] ?? "", column)} `);
    return border + parts.join(border) + border;
  });
}

function align(text: string, { align: side, width }: TableColumn): string {
  const room = width - 2;
  if (side === "left") return text.padEnd(room);
  if (side === "right") return text.padStart(room);
  return text.padStart(text.length + Math.floor((room - text.length) / 2)).padEnd(room);
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.match(/\s*\S+\s*/g) ?? [""]) {
    if (line !== "" && width - line.length < word.trimEnd().length) {
      lines.push(line);
      line = "";
    }
    line += word;
  }
  lines.push(line);
  return lines.map((entry) => {
    const trimmed = entry.trimEnd();
    return trimmed.length > width ? `${trimmed.slice(0, width - 1)}…` : trimmed;
  });
}

/**
 * Widths of columns for a table of `lineLength` characters, whose content ends at these shares of it.
 *
 * Each column asks for its share and a space on either side; what is too much then comes off all of them evenly.
 */
export function columnWidths(lineLength: number, ends: readonly number[]): number[] {
  const bounds = ends.map((end) => Math.trunc(end * lineLength));
  const wanted = bounds.map((bound, index) => bound - (bounds[index - 1] ?? 0) + 2);
  const borders = ends.length + 1;
  let excess = wanted.reduce((sum, width) => sum + width, 0) - (lineLength - borders);
  return wanted.map((width, index) => {
    const share = Math.min(width, roundHalfEven(excess / (wanted.length - index)));
    excess -= share;
    return width - share;
  });
}

/** As Python rounds: a half goes to the even neighbour. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
