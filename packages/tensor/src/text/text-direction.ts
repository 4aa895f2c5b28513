import { describeValue } from "./describe-value.ts";

/** A letter of a script that runs from right to left: Hebrew, Arabic and their kin. */
const letter = String.raw`[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]`;
/** Words of such letters, as far as nothing but what stands within a name is between them. */
const words = new RegExp(String.raw`${letter}(?:[\p{M}\s'_-]*${letter})*`, "gu");

/**
 * Text that runs from left to right, in which each name that runs from right to left keeps to itself.
 *
 * Without the marks, which are not seen, a number or an arrow after such a name would be shown before it.
 * Source: Unicode Standard Annex 9, "Unicode Bidirectional Algorithm", isolates.
 */
export function isolateRightToLeft(text: string): string {
  if (typeof text !== "string") return describeValue(text);
  return text.replaceAll(words, (name) => `\u2067${name}\u2069`);
}
