/** Characters of one value in a message. */
const longestValue = 120;
/** Entries of a list that a message shows. */
const mostEntries = 8;
/** Lists within lists that a message shows. */
const deepest = 2;

// C0 but for the line feed, DEL and C1, which terminals obey; marks that turn text around; halves of surrogate pairs.
const unprintable =
  // oxlint-disable-next-line no-control-regex -- finding them is the point
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;

/**
 * Text that is safe on a terminal and in a log: control characters are written out as escapes, and what is long is cut.
 *
 * Line feeds stay. For text that comes from files, such as labels and names.
 *
 * @param longest characters of the text to keep
 */
export function printable(text: string, longest: number = Number.POSITIVE_INFINITY): string {
  return shorten(text, longest).replace(unprintable, escape);
}

/** The start of a text, and how long the whole is where something was cut off. */
export function shorten(text: string, longest: number = longestValue): string {
  if (typeof text !== "string") return describeValue(text);
  if (text.length <= longest) return text;
  return `${text.slice(0, longest)}... (${text.length} characters)`;
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** A value that was received or found, as messages show it: short, on one line, and quoted where it is text. */
export function describeValue(value: unknown): string {
  return describe(value, deepest);
}

function describe(value: unknown, depth: number): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "function") return value.name === "" ? "a function" : `function ${shorten(value.name)}`;
  if (Array.isArray(value)) return describeList(value, depth);
  if (ArrayBuffer.isView(value)) return describeView(value);
  if (typeof value === "object" && value !== null) return classOf(value);
  if (typeof value === "bigint") return shorten(`${value}n`);
  return shorten(String(value));
}

/** Cut before it is quoted: quoting costs as much as the text is long. */
function quote(text: string): string {
  if (text.length <= longestValue) return printable(JSON.stringify(text));
  return `${printable(JSON.stringify(text.slice(0, longestValue)))}... (${text.length} characters)`;
}

function describeList(list: readonly unknown[], depth: number): string {
  if (depth === 0) return `a list of ${list.length}`;
  const shown = list.slice(0, mostEntries).map((entry) => describe(entry, depth - 1));
  const rest = list.length > mostEntries ? `, ... (${list.length} entries)` : "";
  return `[${shown.join(", ")}${rest}]`;
}

function describeView(view: ArrayBufferView): string {
  return `${view.constructor.name} of ${view instanceof DataView ? view.byteLength : (view as Uint8Array).length}`;
}

function classOf(value: object): string {
  const { constructor } = value as { readonly constructor?: { readonly name?: unknown } };
  const name = constructor?.name;
  return typeof name === "string" && name !== "" && name !== "Object" ? shorten(name) : "an object";
}
