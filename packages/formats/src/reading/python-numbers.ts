/** A noncharacter of Unicode, in no text that anyone wrote. */
const mark = "\uFFFE";

/**
 * Parses JSON as Python's `json` writes it, where numbers may be `Infinity`, `-Infinity` and `NaN`.
 *
 * @throws {SyntaxError} it is not such a text.
 */
export function parsePythonJson(text: string): unknown {
  const { json, hasNaN } = inPlainJson(text);
  if (!hasNaN) return JSON.parse(json);
  if (/\uFFFE|\\ufffe/i.test(text)) throw new SyntaxError("NaN beside the mark that stands for it");
  return JSON.parse(json, (_, value: unknown) => (value === mark ? Number.NaN : value));
}

/** The words outside strings in terms of JSON: a number beyond the largest float, and a text that nothing else is. */
function inPlainJson(text: string): { readonly json: string; readonly hasNaN: boolean } {
  const parts: string[] = [];
  let hasNaN = false;
  let done = 0;
  const replace = (begin: number, length: number, value: string): void => {
    // Spaces, so that what touches the word does not become part of a number.
    parts.push(text.slice(done, begin), ` ${value} `);
    done = begin + length;
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === "\\") at++;
    } else if (character === "I" && text.startsWith("Infinity", at)) {
      const isNegative = text[at - 1] === "-";
      replace(isNegative ? at - 1 : at, isNegative ? 9 : 8, isNegative ? "-1e999" : "1e999");
      at += 7;
    } else if (character === "N" && text.startsWith("NaN", at)) {
      hasNaN = true;
      replace(at, 3, `"${mark}"`);
      at += 2;
    }
  }
  return { json: parts.join("") + text.slice(done), hasNaN };
}
