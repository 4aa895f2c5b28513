import { InvalidConfigError } from "@featuremap/tensor";

/** One thing for a model's only input or output; for several a list in their order, or one for each by name. */
export type PerName<Item> = Item | readonly Item[] | Readonly<Record<string, Item>>;

/** The same, where some of several may be without: `null`, or a name that is left out. */
export type SomePerName<Item> = Item | readonly (Item | null)[] | Readonly<Record<string, Item | null>>;

/**
 * What was given for a model's inputs or outputs, in the model's order.
 *
 * @param isItem tells one item from a list or record of them
 * @param names in the model's order; undefined while they are not known, where there can be only one
 * @throws {InvalidConfigError} there are too few or too many, or names that the model does not have.
 */
export function orderByName<Item>(
  owner: string,
  option: string,
  given: PerName<Item>,
  isItem: (value: unknown) => value is Item,
  names: readonly string[] | undefined,
): readonly Item[] {
  if (isItem(given)) return checkCount(owner, option, [given], names);
  if (Array.isArray(given)) return checkCount(owner, option, given as readonly Item[], names);
  const record = given as Readonly<Record<string, Item>>;
  const keys = Object.keys(record ?? {});
  if (names === undefined) return checkCount(owner, option, Object.values(record ?? {}), names);
  const unknown = keys.find((key) => !names.includes(key));
  if (unknown !== undefined) throw new InvalidConfigError(owner, option, `by the names ${names.join(", ")}`, unknown);
  return names.map((name) => {
    const item = record[name];
    if (item === undefined) throw new InvalidConfigError(owner, option, `given for ${name} too`, keys);
    return item;
  });
}

/**
 * {@link orderByName}, with undefined for what is without.
 *
 * @param mayLack whether one may be without, by its name; asked only where there are names
 * @throws {InvalidConfigError} as {@link orderByName}, or one is without that may not be.
 */
export function orderSome<Item>(
  owner: string,
  option: string,
  given: SomePerName<Item>,
  isItem: (value: unknown) => value is Item,
  names: readonly string[] | undefined,
  mayLack: (name: string) => boolean = () => true,
): readonly (Item | undefined)[] {
  const isItemOrNull = (value: unknown): value is Item | null => value === null || isItem(value);
  const isRecord = !isItem(given) && !Array.isArray(given) && typeof given === "object" && given !== null;
  const blank = isRecord && names !== undefined ? Object.fromEntries(names.map((name) => [name, null])) : undefined;
  const whole = blank === undefined ? given : { ...blank, ...(given as Readonly<Record<string, Item | null>>) };
  return orderByName<Item | null>(owner, option, whole, isItemOrNull, names).map((item, index) => {
    if (isItem(item)) return item;
    const name = names?.[index];
    if (item === null && name !== undefined && mayLack(name)) return undefined;
    throw new InvalidConfigError(owner, option, name === undefined ? "given" : `given for ${name} too`, item);
  });
}

function checkCount<Item>(
  owner: string,
  option: string,
  items: readonly Item[],
  names: readonly string[] | undefined,
): readonly Item[] {
  const count = names?.length ?? 1;
  if (items.length === count) return items;
  throw new InvalidConfigError(owner, option, count === 1 ? "one" : `${count}, one for each`, items.length);
}
