/**
 * Classes whose names differ only by capitals or by how Unicode writes a letter: most often one class in two folders.
 *
 * @returns groups of two and more
 */
export function alikeClasses(classNames: readonly string[]): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const name of classNames) {
    const key = name.normalize("NFKC").toLowerCase().trim();
    const group = groups.get(key) ?? [];
    group.push(name);
    groups.set(key, group);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}
