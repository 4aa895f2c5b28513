/** The first of a list, the last, and one between, each once. */
export function spread<Item>(items: readonly Item[]): readonly Item[] {
  const places = new Set([0, Math.floor((items.length - 1) / 2), items.length - 1]);
  return items.filter((_, index) => places.has(index));
}
