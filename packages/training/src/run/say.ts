/** Warns of what is likely to be wrong later. */
export function warn(line: string): void {
  // oxlint-disable-next-line no-console -- nothing else would tell before the model is used.
  console.warn(line);
}

/** Writes a line where somebody asked for it with `verbose`. */
export function say(line: string): void {
  // oxlint-disable-next-line no-console -- whoever gave `verbose` asked for it.
  console.log(line);
}
