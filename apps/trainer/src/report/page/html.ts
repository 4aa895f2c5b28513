import { isolateRightToLeft, printable } from "@featuremap/tensor";

/** Markup that may be put into a page as it is. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

type Content = Html | string | number | undefined | readonly Content[];

/** Markup with values in it: text is escaped, other markup stays, undefined is left out. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  const markup = parts.map((part, index) => part + markupOf(values[index]));
  return new Html(markup.join(""));
}

function markupOf(value: Content): string {
  if (value === undefined) return "";
  if (value instanceof Html) return value.markup;
  if (typeof value === "object") return value.map(markupOf).join("");
  return escapeText(String(value));
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for an element or for an attribute in quotation marks; control characters are written out. */
export function escapeText(text: string): string {
  return isolateRightToLeft(printable(text)).replaceAll(/[&<>"']/g, (character) => entities[character] ?? "");
}

/** Text that may go on in the next line after a part of a path, and before a capital within a word. */
export function breakable(text: string): Html {
  const parts = text.split(/(?<=\/)|(?<=\p{Ll})(?=\p{Lu})/u);
  return html`${parts.map((part, at) => (at === 0 ? part : html`<wbr />${part}`))}`;
}

/** Data for a script element, which must not end before its end. */
export function jsonFor(data: unknown): Html {
  return new Html(JSON.stringify(data).replaceAll("<", String.raw`\u003c`));
}

/** A picture's file as an address. */
export function dataAddress(file: Uint8Array, kind: "webp" | "png"): string {
  return `data:image/${kind};base64,${Buffer.from(file.buffer, file.byteOffset, file.byteLength).toString("base64")}`;
}
