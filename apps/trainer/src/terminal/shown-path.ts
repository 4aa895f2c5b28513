import { relative } from "node:path";

/** A path relative to where the command runs, unless that is longer. */
export function shownPath(path: string, folder = ""): string {
  const fromHere = relative(folder, path);
  return fromHere !== "" && fromHere.length < path.length ? fromHere : path;
}
