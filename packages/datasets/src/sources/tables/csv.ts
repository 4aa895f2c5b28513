import { FormatError, InvalidConfigError } from "@featuremap/tensor";

/** How a table of text is written. */
export interface CsvOptions {
  /** Between two fields. Default: `,`. */
  readonly separator?: string;
  /** Whether no row may have more fields than the first. Default: false. */
  readonly headed?: boolean;
}

/** Characters of one field. */
const longestField = 1_000_000;

/**
 * The rows of comma-separated text: quoted fields with separators, line breaks and doubled quotes in them, any of the three
 * line ends, a byte order mark. Empty lines are passed over.
 *
 * Source: RFC 4180.
 *
 * @param source the file's name, for the error
 * @throws {FormatError} a quote is not closed, something follows a closed one, or a row has too many; the message names the line.
 * @throws {InvalidConfigError} the separator is not one character other than a quote or a line's end.
 */
export function* parseCsv(
  text: string,
  source: string,
  options: CsvOptions = {},
): Generator<string[], void, undefined> {
  const { separator = ",", headed = false } = options;
  if (typeof separator !== "string" || separator.length !== 1 || /["\r\n]/.test(separator)) {
    throw new InvalidConfigError("parseCsv", "separator", "one character, such as a comma or a tab", separator);
  }
  if (typeof text !== "string") throw new InvalidConfigError("parseCsv", "text", "text", text);
  let row: string[] = [];
  let line = 1;
  let most = Number.POSITIVE_INFINITY;
  const fail = (expected: string, found: string): never => {
    throw new FormatError(source, `line ${line}`, expected, found);
  };
  for (let at = text.startsWith("\uFEFF") ? 1 : 0; at <= text.length;) {
    const field = text[at] === '"' ? quotedField(text, at, fail) : plainField(text, at, separator);
    row.push(field.value);
    line += field.lines;
    at = field.end;
    const next = text[at];
    if (next === separator) {
      at += 1;
      continue;
    }
    if (next !== undefined && next !== "\n" && next !== "\r") fail("a separator after a quoted field", next);
    // An empty line, and what stands behind the last line's end.
    if (row.length > 1 || row[0] !== "" || text[at - 1] === '"') {
      if (row.length > most) fail(`at most ${most} fields, like line 1`, `${row.length}`);
      if (headed && most === Number.POSITIVE_INFINITY) most = row.length;
      yield row;
    }
    row = [];
    line += 1;
    at += next === "\r" && text[at + 1] === "\n" ? 2 : 1;
  }
}

interface CsvField {
  readonly value: string;
  /** Where what follows begins. */
  readonly end: number;
  /** Line ends in it. */
  readonly lines: number;
}

function plainField(text: string, start: number, separator: string): CsvField {
  let end = start;
  for (; end < text.length; end++) {
    const character = text[end];
    if (character === separator || character === "\n" || character === "\r") break;
  }
  return { value: text.slice(start, end), end, lines: 0 };
}

function quotedField(text: string, start: number, fail: (expected: string, found: string) => never): CsvField {
  let value = "";
  for (let from = start + 1; ;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return fail("one whose quotes are closed", "an open one");
    if (quote - start > longestField) {
      return fail(`one of fields of at most ${longestField} characters (or a quote is not closed)`, "a longer one");
    }
    value += text.slice(from, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1, lines: value.match(/\r\n|\r|\n/g)?.length ?? 0 };
    value += '"';
    from = quote + 2;
  }
}
