/** A text in quotes, or a mark of JSON's structure. */
const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/**
 * What JSON text holds. A name that an object has twice is refused: `JSON.parse` keeps the last one, and says nothing.
 *
 * @throws {SyntaxError} it is not JSON, or an object has a name twice.
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const name = repeatedName(text);
  if (name !== undefined) throw new SyntaxError(`It says ${name} twice.`);
  return value;
}

/** @param text JSON that was parsed */
function repeatedName(text: string): string | undefined {
  const open: (Set<unknown> | undefined)[] = [];
  let before = "";
  for (const [found] of text.matchAll(token)) {
    if (found === "{") open.push(new Set());
    else if (found === "[") open.push(undefined);
    else if (found === "}" || found === "]") open.pop();
    else if (found === ":") {
      // As escapes are read: "\u0061" is "a".
      const name: unknown = JSON.parse(before);
      const names = open.at(-1);
      if (names?.has(name) === true) return before;
      names?.add(name);
    }
    before = found;
  }
  return undefined;
}
