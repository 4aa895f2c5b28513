import { printable } from "@featuremap/tensor";

/** A probability in [0, 1] as a percentage with one decimal, `98.7%`; certainty is not claimed, but called `>99.9%`. */
export function formatPercent(probability: number): string {
  return probability > 0.9995 ? ">99.9%" : `${(probability * 100).toFixed(1)}%`;
}

/** Characters of a name that is shown. */
const LONGEST_NAME = 80;

/** A label or a name that came with a model, on one line: control characters are written out, what is long is cut. */
export function formatName(name: string): string {
  return printable(name, LONGEST_NAME).replaceAll("\n", "\\n");
}

/** A share in [0, 1] as a percentage; nothing for what is not a share. */
export function formatShare(share: number | undefined): string | undefined {
  return share !== undefined && share >= 0 && share <= 1 ? `${(share * 100).toFixed(1)}%` : undefined;
}

/** How much of a download is there, as what follows a word: ` 42%`, or `, 1.2 MB so far` where how much is to come is not known. */
export function formatProgress(share: number | undefined, loadedBytes: number): string {
  if (share !== undefined) return ` ${Math.round(share * 100)}%`;
  return loadedBytes >= 1e5 ? `, ${(loadedBytes / 1e6).toFixed(1)} MB so far` : "";
}

/** A duration to about two significant places: `0.84 ms`, `3.2 ms`, `12 ms`, `1.3 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`;
  if (milliseconds >= 10) return `${milliseconds.toFixed(0)} ms`;
  return `${milliseconds.toFixed(milliseconds >= 1 ? 1 : 2)} ms`;
}

/** A clause as a sentence: with a capital first and a full stop last. */
export function toSentence(clause: string): string {
  const capital = clause.slice(0, 1).toUpperCase() + clause.slice(1);
  return /[.!?]$/.test(capital) || capital === "" ? capital : `${capital}.`;
}
