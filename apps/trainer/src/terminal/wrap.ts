/** Columns where nobody says how wide the terminal is, and most that a text takes. */
const usualWidth = 80;
const mostColumns = 110;
const fewestColumns = 20;

/** Columns to write in, on a terminal of that width; 0 or none is a pipe. */
export function textWidth(columns: number | undefined): number {
  return Math.max(fewestColumns, Math.min(columns === undefined || columns === 0 ? usualWidth : columns, mostColumns));
}

/** Breaks a text between words into lines of at most that many characters; a longer word has a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || longer.length <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

/** Terms with what they mean beside them, or below where there is no room. */
export function definitions(entries: readonly (readonly [term: string, meaning: string])[], width: number): string[] {
  const indent = 2;
  const longest = Math.max(0, ...entries.map(([term]) => term.length));
  const column = indent + longest + 2;
  // A meaning in a narrow column is hard to read.
  const isBeside = width - column >= 30;
  const margin = isBeside ? column : indent + 4;
  return entries.flatMap(([term, meaning]) => {
    const [first = "", ...rest] = wrap(meaning, width - margin).map((line) => " ".repeat(margin) + line);
    const start = " ".repeat(indent) + term;
    return isBeside ? [(start.padEnd(column) + first.slice(column)).trimEnd(), ...rest] : [start, first, ...rest];
  });
}
