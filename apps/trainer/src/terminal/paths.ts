import { relative } from "node:path";

/** A path from where the command runs, unless that is longer. */
export function pathFromHere(path: string): string {
  const fromHere = relative("", path);
  return fromHere.length < path.length && fromHere !== "" ? fromHere : path;
}
