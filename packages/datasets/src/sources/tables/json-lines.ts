import { FormatError, InvalidConfigError } from "@featuremap/tensor";

/** Characters of one line. */
const longestLine = 10_000_000;

/**
 * The objects of a file with one JSON object a line; empty lines are passed over.
 *
 * @param source the file's name, for the error
 * @throws {FormatError} a line is not a JSON object; the message names the line.
 */
export function* parseJsonLines(
  text: string,
  source: string,
): Generator<Readonly<Record<string, unknown>>, void, undefined> {
  if (typeof text !== "string") throw new InvalidConfigError("parseJsonLines", "text", "text", text);
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  for (let line = 1; at < text.length; line++) {
    const found = text.indexOf("\n", at);
    const end = found < 0 ? text.length : found;
    const written = end - at > longestLine ? undefined : text.slice(at, end).trim();
    at = end + 1;
    if (written === "") continue;
    const value = written === undefined ? undefined : parse(written);
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new FormatError(source, `line ${line}`, "a JSON object", written?.slice(0, 80) ?? "a longer line");
    }
    yield value as Readonly<Record<string, unknown>>;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
