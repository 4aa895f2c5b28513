import { isolateRightToLeft, printable } from "@featuremap/tensor";

/** Attributes of an element; those that are undefined are left out, numbers are rounded to hundredths. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/**
 * One SVG element.
 *
 * @param content markup that is already safe: other elements, or what {@link escapeText} gave
 */
export function element(name: string, attributes: Attributes = {}, ...content: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? rounded(value) : escapeText(value ?? "")}"`)
    .join("");
  return content.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${content.join("")}</${name}>`;
}

/** A position or length in hundredths of a pixel, which keeps files small; never "-0". */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as XML may hold it: markup is escaped; control characters, which XML forbids, are written out. */
export function escapeText(text: string): string {
  return isolateRightToLeft(printable(text.replaceAll(/[^\S\n]/g, " ")))
    .replaceAll(/[\uFFFE\uFFFF]/g, "\uFFFD")
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? "");
}

/** What a pointer that rests on the element is told. */
export function tooltip(text: string): string {
  return element("title", {}, escapeText(text));
}
