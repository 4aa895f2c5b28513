import { InvalidConfigError } from "@featuremap/tensor";

/** How much to say on the console. @throws {InvalidConfigError} it is not 0 or 1. */
export function checkVerbose(owner: string, verbose: number | undefined): number {
  const given = verbose ?? 0;
  if (given === 0 || given === 1) return given;
  throw new InvalidConfigError(owner, "verbose", "0 or 1", given);
}

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
