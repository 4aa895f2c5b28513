import { InvalidConfigError } from "@featuremap/tensor";
import { isRecord } from "./array-data.ts";

/** One thing for a model's only input or output; for several a list in their order, or one for each by name. */
export type PerName<Item> = Item | readonly Item[] | Readonly<Record<string, Item>> | ReadonlyMap<string, Item>;

/** The same, where some of several may be without: `null`, or a name that is left out. */
export type SomePerName<Item> =
  | Item
  | readonly (Item | null)[]
  | Readonly<Record<string, Item | null>>
  | ReadonlyMap<string, Item | null>;

/** A Map as the record of the same entries; anything else as it is. */
export function withoutMap(given: unknown): unknown {
  return given instanceof Map ? Object.fromEntries(given) : given;
}

/**
 * A record, which may have come as a Map.
 *
 * @throws {InvalidConfigError} it is another object, in which nothing would be found, or none.
 */
export function recordOf<Item>(
  owner: string,
  option: string,
  given: unknown,
  expected: string,
): Readonly<Record<string, Item>> {
  const record = withoutMap(given);
  if (isRecord(record)) return record as Readonly<Record<string, Item>>;
  throw new InvalidConfigError(owner, option, expected, given);
}

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
  const record = recordOf<Item>(owner, option, given, byNameOrList(names));
  const keys = Object.keys(record);
  if (names === undefined) return checkCount(owner, option, Object.values(record), names);
  const unknown = keys.find((key) => !names.includes(key));
  if (unknown !== undefined) throw new InvalidConfigError(owner, option, `keyed by ${names.join(", ")}`, unknown);
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
  const isNamed = names !== undefined && !isItemOrNull(given) && !Array.isArray(given);
  const blank = isNamed ? Object.fromEntries(names.map((name) => [name, null])) : undefined;
  const whole = isNamed ? { ...blank, ...recordOf<Item | null>(owner, option, given, byNameOrList(names)) } : given;
  return orderByName<Item | null>(owner, option, whole, isItemOrNull, names).map((item, index) => {
    if (isItem(item)) return item;
    const name = names?.[index];
    if (item === null && name !== undefined && mayLack(name)) return undefined;
    throw new InvalidConfigError(owner, option, name === undefined ? "given" : `given for ${name} too`, item);
  });
}

function byNameOrList(names: readonly string[] | undefined): string {
  if (names === undefined) return "one, or a list or record of one";
  return names.length === 1
    ? `one, or a list or record by the name ${names[0]}`
    : `a list, or a record keyed by ${names.join(", ")}`;
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
