const longest = 60;

/** A value found in a file, short enough for an error message. */
export function describeValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) {
    const plain = value.length <= 8 && value.every((entry) => typeof entry !== "object" || entry === null);
    return plain ? shorten(JSON.stringify(value)) : `a list of ${value.length}`;
  }
  if (typeof value === "object" && value !== null) return "an object";
  return shorten(JSON.stringify(value) ?? String(value));
}

/** The start of a text, with an ellipsis where something was cut off. */
export function shorten(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}
