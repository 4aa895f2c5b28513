import { printable } from "@featuremap/tensor";

/** Characters of a name that are shown. */
const mostCharacters = 60;

/** A name of a class or a file on one line, as wide as it is long, with what a terminal would obey written out. */
export function shownName(name: string, longest: number = mostCharacters): string {
  const text = printable(name.replaceAll("\n", String.raw`\n`));
  return text.length > longest ? `…${text.slice(1 - longest)}` : text;
}
