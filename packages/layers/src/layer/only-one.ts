import { InvalidConfigError } from "@featuremap/tensor";

/** The one item of a list. @throws {InvalidConfigError} there are more, or none. */
export function onlyOne<Item>(owner: string, what: string, items: readonly Item[]): Item {
  const [item] = items;
  if (item !== undefined && items.length === 1) return item;
  throw new InvalidConfigError(owner, what, "the only one", items.length === 0 ? "none" : `one of ${items.length}`);
}
