/** How all paths begin, up to a separator: the folder that they were found in, or more. */
export function commonFolder(paths: readonly string[]): string {
  const [first = ""] = paths;
  let common = first.length;
  for (const path of paths) {
    common = Math.min(common, path.length);
    while (!path.startsWith(first.slice(0, common))) common -= 1;
  }
  return first.slice(0, Math.max(first.lastIndexOf("/", common - 1), first.lastIndexOf("\\", common - 1)) + 1);
}
